// Owns the translation of errors: core's codes to SQLSTATEs, C++ exceptions to ereport and back.
#include <cstdlib>
#include <cstring>
#include <new>

#include "turnstone/core/error.hpp"

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

void add_context(ErrorData *error, const std::string &line) {
    pg([&] {
        MemoryContext outer = MemoryContextSwitchTo(error->assoc_context);
        error->context = error->context == nullptr ? pstrdup(line.c_str())
                                                   : psprintf("%s\n%s", error->context, line.c_str());
        MemoryContextSwitchTo(outer);
    });
}

namespace guard_detail {

namespace {

int sqlstate_of(core::ErrorCode code) {
    switch (code) {
    case core::ErrorCode::invalid_name:
        return ERRCODE_INVALID_NAME;
    case core::ErrorCode::invalid_text:
        return ERRCODE_CHARACTER_NOT_IN_REPERTOIRE;
    case core::ErrorCode::invalid_script:
        return ERRCODE_SYNTAX_ERROR;
    case core::ErrorCode::invalid_argument:
        return ERRCODE_INVALID_PARAMETER_VALUE;
    case core::ErrorCode::wrong_type:
        return ERRCODE_DATATYPE_MISMATCH;
    case core::ErrorCode::undefined:
        return ERRCODE_UNDEFINED_OBJECT;
    case core::ErrorCode::duplicate:
        return ERRCODE_DUPLICATE_OBJECT;
    case core::ErrorCode::wrong_state:
    case core::ErrorCode::out_of_order:
        return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
    case core::ErrorCode::sealed:
        return ERRCODE_E_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED;
    case core::ErrorCode::unsupported:
        return ERRCODE_FEATURE_NOT_SUPPORTED;
    case core::ErrorCode::internal:
        break;
    }
    return ERRCODE_INTERNAL_ERROR;
}

char *copied(const std::string &text) {
    return text.empty() ? nullptr : strdup(text.c_str());
}

// From malloc'd memory, which is freed, to the memory of the error.
char *adopted(char *text) {
    if (text == nullptr)
        return nullptr;
    char *adopted_text = pstrdup(text);
    free(text);
    return adopted_text;
}

} // namespace

Raised capture() noexcept {
    Raised raised{nullptr, ERRCODE_INTERNAL_ERROR, nullptr, nullptr, nullptr};
    try {
        throw;
    } catch (const PgError &error) {
        raised.pg = error.data();
    } catch (const core::Error &error) {
        raised.sqlstate = sqlstate_of(error.code());
        raised.message = copied(error.message());
        raised.detail = copied(error.detail());
        raised.hint = copied(error.hint());
    } catch (const std::bad_alloc &) {
        raised.sqlstate = ERRCODE_OUT_OF_MEMORY;
        raised.message = strdup("out of memory");
    } catch (const std::exception &error) {
        raised.message = strdup(error.what());
    } catch (...) {
        raised.message = strdup("unknown C++ exception");
    }
    return raised;
}

void raise(Raised raised) {
    if (raised.pg != nullptr)
        ReThrowError(raised.pg);
    const char *message = adopted(raised.message);
    const char *detail = adopted(raised.detail);
    const char *hint = adopted(raised.hint);
    ereport(ERROR,
            (errcode(raised.sqlstate), errmsg_internal("%s", message != nullptr ? message : "out of memory"),
             detail != nullptr ? errdetail_internal("%s", detail) : 0,
             hint != nullptr ? errhint("%s", hint) : 0));
    pg_unreachable();
}

void throw_pg_error(MemoryContext context) {
    // Not in the context of the failing call: that may be gone before the error is raised again.
    if (ErrorMemory::current() != nullptr)
        MemoryContextSwitchTo(ErrorMemory::current());
    else
        MemoryContextSwitchTo(TopTransactionContext != nullptr ? TopTransactionContext : TopMemoryContext);
    ErrorData *data = CopyErrorData();
    FlushErrorState();
    MemoryContextSwitchTo(context);
    throw PgError(data);
}

} // namespace guard_detail

} // namespace turnstone::server
