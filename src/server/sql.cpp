// Owns the way to SPI: pinned settings, rights, snapshots, and the conversion of values and results.
#include <charconv>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/engine_at_work.hpp"
#include "turnstone/server/installed_version.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

// drift.md, "Capture": what pg_get_*def() and the output functions depend on. search_path also keeps every
// operator and function of the engine's SQL that of pg_catalog.
struct PinnedSetting {
    const char *name;
    const char *value;
};
constexpr PinnedSetting pinned_settings[] = {
    {"search_path", "pg_catalog, pg_temp"},
    {"DateStyle", "ISO, YMD"},
    {"IntervalStyle", "postgres"},
    {"TimeZone", "UTC"},
    {"extra_float_digits", "3"},
    {"bytea_output", "hex"},
    {"quote_all_identifiers", "off"},
    {"standard_conforming_strings", "on"},
    {"xmloption", "content"},
    {"lc_monetary", "C"},
    {"row_security", "off"},
    // The planner takes the user's part of a catalog for a row or two, and would join a whole catalog to it.
    {"enable_material", "off"},
    {"jit", "off"},
};

constexpr int most_parameters = 24;

// A flat copy of an SPI result in the caller's memory context.
struct FlatResult {
    std::size_t rows;
    std::size_t columns;
    char **values; // null for NULL
    std::size_t *lengths;
};

void copy_cell(HeapTuple tuple, TupleDesc descriptor, int column, char **value, std::size_t *length) {
    bool is_null = false;
    const Datum datum = SPI_getbinval(tuple, descriptor, column, &is_null);
    *value = nullptr;
    *length = 0;
    if (is_null)
        return;
    if (SPI_gettypeid(descriptor, column) == BYTEAOID) {
        bytea *bytes = DatumGetByteaPP(datum);
        *length = VARSIZE_ANY_EXHDR(bytes);
        *value = static_cast<char *>(SPI_palloc(*length + 1));
        memcpy(*value, VARDATA_ANY(bytes), *length);
        return;
    }
    const char *text = SPI_getvalue(tuple, descriptor, column);
    *length = strlen(text);
    *value = static_cast<char *>(SPI_palloc(*length + 1));
    memcpy(*value, text, *length + 1);
}

SPIPlanPtr prepare(const Query &query, int count, const Value *values) {
    Oid types[most_parameters];
    Assert(count <= static_cast<int>(lengthof(types)));
    for (int i = 0; i < count; ++i)
        types[i] = values[i].type();
    require_own_version();
    SPIPlanPtr plan =
        SPI_prepare_cursor(psprintf("%s%s", query.prelude, query.text), count, types,
                           query.planned_for_values ? CURSOR_OPT_CUSTOM_PLAN : CURSOR_OPT_GENERIC_PLAN);
    if (plan == nullptr)
        elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
    return plan;
}

// All of it a leaf: nothing here has a destructor.
FlatResult run_flat(Query &query, bool keeps_plan, int count, const Value *values, Rights rights,
                    Freshness freshness) {
    FlatResult flat{0, 0, nullptr, nullptr};
    Oid caller = InvalidOid;
    int security = 0;
    if (SPI_connect() != SPI_OK_CONNECT)
        elog(ERROR, "SPI_connect failed");
    const int level = pin_settings();
    GetUserIdAndSecContext(&caller, &security);
    if (rights == Rights::engine)
        SetUserIdAndSecContext(engine_owner(),
                               security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);

    SPIPlanPtr plan = query.plan;
    if (plan == nullptr) {
        plan = prepare(query, count, values);
        if (keeps_plan) {
            SPI_keepplan(plan);
            query.plan = plan;
        }
    }
    Datum datums[most_parameters];
    char nulls[most_parameters];
    for (int i = 0; i < count; ++i) {
        nulls[i] = values[i].is_null() ? 'n' : ' ';
        datums[i] = values[i].is_null() ? static_cast<Datum>(0) : values[i].datum();
    }
    CommandCounterIncrement();
    const Snapshot snapshot =
        RegisterSnapshot(freshness == Freshness::latest ? GetLatestSnapshot() : GetTransactionSnapshot());
    const int code = SPI_execute_snapshot(plan, datums, nulls, snapshot, InvalidSnapshot, false, true, 0);
    if (code < 0)
        elog(ERROR, "query failed: %s", SPI_result_code_string(code));
    if (SPI_tuptable != nullptr) {
        TupleDesc descriptor = SPI_tuptable->tupdesc;
        flat.rows = SPI_processed;
        flat.columns = static_cast<std::size_t>(descriptor->natts);
        const std::size_t cells = flat.rows * flat.columns;
        flat.values = static_cast<char **>(SPI_palloc((cells + 1) * sizeof(char *)));
        flat.lengths = static_cast<std::size_t *>(SPI_palloc((cells + 1) * sizeof(std::size_t)));
        for (std::size_t row = 0; row < flat.rows; ++row) {
            for (std::size_t column = 0; column < flat.columns; ++column) {
                const std::size_t cell = row * flat.columns + column;
                copy_cell(SPI_tuptable->vals[row], descriptor, static_cast<int>(column) + 1,
                          &flat.values[cell], &flat.lengths[cell]);
            }
        }
    }
    UnregisterSnapshot(snapshot); // not before: long values are fetched with it, and a procedure has no other
    SetUserIdAndSecContext(caller, security);
    AtEOXact_GUC(true, level);
    SPI_finish();
    return flat;
}

} // namespace

Oid engine_owner() {
    HeapTuple schema = SearchSysCache1(NAMESPACENAME, CStringGetDatum("turnstone"));
    if (!HeapTupleIsValid(schema))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA), errmsg("schema \"turnstone\" does not exist"),
                        errhint("Run CREATE EXTENSION turnstone in this database.")));
    const Oid owner = (reinterpret_cast<Form_pg_namespace>(GETSTRUCT(schema)))->nspowner;
    ReleaseSysCache(schema);
    return owner;
}

int pin_settings() {
    const int level = NewGUCNestLevel();
    for (const PinnedSetting &setting : pinned_settings)
        set_config_option(setting.name, setting.value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                          false);
    return level;
}

Oid Value::type() const noexcept {
    switch (kind_) {
    case Kind::text:
        return TEXTOID;
    case Kind::integer:
        return INT8OID;
    case Kind::boolean:
        return BOOLOID;
    case Kind::binary:
        return BYTEAOID;
    case Kind::text_array:
        return TEXTARRAYOID;
    }
    return InvalidOid;
}

Datum Value::datum() const {
    switch (kind_) {
    case Kind::text:
    case Kind::binary: // a text and a bytea are both a length and bytes
        return PointerGetDatum(cstring_to_text_with_len(view_.data(), static_cast<int>(view_.size())));
    case Kind::integer:
        return Int64GetDatum(number_);
    case Kind::boolean:
        return BoolGetDatum(number_ != 0);
    case Kind::text_array:
        break;
    }
    auto *elements = static_cast<Datum *>(palloc(sizeof(Datum) * static_cast<std::size_t>(number_ + 1)));
    for (std::int64_t i = 0; i < number_; ++i)
        elements[i] =
            PointerGetDatum(cstring_to_text_with_len(array_[i].data(), static_cast<int>(array_[i].size())));
    return PointerGetDatum(
        construct_array(elements, static_cast<int>(number_), TEXTOID, -1, false, TYPALIGN_INT));
}

char *Value::c_string() const {
    switch (kind_) {
    case Kind::integer:
        return psprintf("%lld", static_cast<long long>(number_));
    case Kind::boolean:
        return pstrdup(number_ != 0 ? "t" : "f");
    default:
        return pnstrdup(view_.data(), view_.size());
    }
}

const std::string &Rows::text(std::size_t row, std::size_t column) const {
    const auto &value = cell(row, column);
    return value ? *value : none_;
}

std::int64_t Rows::integer(std::size_t row, std::size_t column) const {
    const std::string &value = text(row, column);
    std::int64_t number = 0;
    if (!value.empty() &&
        std::from_chars(value.data(), value.data() + value.size(), number).ec != std::errc{})
        throw core::Error(core::ErrorCode::internal, fmt::format("\"{}\" is no number", value));
    return number;
}

Rows run(Query &query, std::initializer_list<Value> values, Rights rights, Freshness freshness) {
    const EngineAtWork at_work;
    const MemoryScope memory;
    const bool keeps_plan = query.plan == nullptr && query.was_run;
    query.was_run = true;
    const FlatResult flat = pg([&] {
        return run_flat(query, keeps_plan, static_cast<int>(values.size()), values.begin(), rights,
                        freshness);
    });
    Rows rows(flat.rows, flat.columns);
    for (std::size_t cell = 0; cell < flat.rows * flat.columns; ++cell) {
        if (flat.values[cell] == nullptr)
            rows.push(std::nullopt);
        else
            rows.push(std::string(flat.values[cell], flat.lengths[cell]));
    }
    return rows;
}

ResultRows::ResultRows(FunctionCallInfo call)
    : result_(reinterpret_cast<ReturnSetInfo *>(call->resultinfo)), input_(pg([&] {
          InitMaterializedSRF(call, 0);
          MemoryContext outer = MemoryContextSwitchTo(result_->econtext->ecxt_per_query_memory);
          AttInMetadata *input = TupleDescGetAttInMetadata(result_->setDesc);
          MemoryContextSwitchTo(outer);
          return input;
      })),
      depends_on_settings_(pg([&] {
          const TupleDesc columns = result_->setDesc;
          for (int i = 0; i < columns->natts; ++i) {
              const Oid type = TupleDescAttr(columns, i)->atttypid;
              if (type != TEXTOID && type != BOOLOID && type != INT4OID && type != INT8OID &&
                  type != JSONOID && type != TEXTARRAYOID)
                  return true;
          }
          return false;
      })) {}

void ResultRows::put(std::initializer_list<Value> values) {
    const MemoryScope memory;
    pg([&] {
        const int level = depends_on_settings_ ? pin_settings() : 0;
        auto **texts = static_cast<char **>(palloc0(sizeof(char *) * (values.size() + 1)));
        int column = 0;
        for (const Value *value = values.begin(); value != values.end(); ++value, ++column)
            texts[column] = value->is_null() ? nullptr : value->c_string();
        Assert(column == result_->setDesc->natts);
        tuplestore_puttuple(result_->setResult, BuildTupleFromCStrings(input_, texts));
        if (depends_on_settings_)
            AtEOXact_GUC(true, level);
    });
}

std::string bytes_argument(FunctionCallInfo fcinfo, int number) {
    struct View {
        const char *data;
        std::size_t size;
    };
    const View view = pg([&] {
        const bytea *value = PG_GETARG_BYTEA_PP(number);
        return View{VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
    });
    return {view.data, view.size};
}

std::optional<std::string> optional_text_argument(FunctionCallInfo fcinfo, int number) {
    return PG_ARGISNULL(number) ? std::nullopt : std::optional(bytes_argument(fcinfo, number));
}

std::vector<std::string> text_array_argument(FunctionCallInfo fcinfo, int number) {
    std::vector<std::string> result;
    if (PG_ARGISNULL(number))
        return result;
    const MemoryScope memory;
    struct View {
        Datum *elements;
        bool *nulls;
        int count;
    };
    const View view = pg([&] {
        View read{nullptr, nullptr, 0};
        deconstruct_array(PG_GETARG_ARRAYTYPE_P(number), TEXTOID, -1, false, TYPALIGN_INT, &read.elements,
                          &read.nulls, &read.count);
        return read;
    });
    for (int i = 0; i < view.count; ++i) {
        if (!view.nulls[i])
            result.emplace_back(pg([&] { return TextDatumGetCString(view.elements[i]); }));
    }
    return result;
}

std::string interval_argument(FunctionCallInfo fcinfo, int number) {
    const MemoryScope memory;
    return pg([&] {
        const int level = pin_settings();
        const char *text = DatumGetCString(DirectFunctionCall1(interval_out, PG_GETARG_DATUM(number)));
        AtEOXact_GUC(true, level);
        return text;
    });
}

std::vector<std::string> searched_schemas() {
    const List *oids = pg([] { return fetch_search_path(false); });
    std::vector<std::string> schemas;
    for (int i = 0; i < list_length(oids); ++i) {
        const Oid schema = list_nth_oid(oids, i);
        if (const char *name = pg([&] { return get_namespace_name(schema); }); name != nullptr)
            schemas.emplace_back(name);
    }
    return schemas;
}

std::string current_role() {
    return pg([] { return GetUserNameFromId(GetUserId(), false); });
}

std::string run_search_path() {
    const char *own = settings::search_path();
    return *own != '\0' ? own : pg([] { return GetConfigOption("search_path", false, false); });
}

} // namespace turnstone::server
