// Owns the feeding of COPY ... FROM STDIN with data of a script: the server's own COPY, with its data from
// memory.
#include "turnstone/server/script_copy.hpp"

#include <algorithm>
#include <cstring>

namespace turnstone::server {

namespace {

// COPY asks for data by a function without an argument.
CopyFeed *present_feed = nullptr;

const DefElem *option_of(const CopyStmt *statement, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, statement->options) {
        const auto *option = static_cast<const DefElem *>(lfirst(cell));
        if (strcmp(option->defname, name) == 0)
            return option;
    }
    return nullptr;
}

const char *text_of(const DefElem *option) {
    return option == nullptr || option->arg == nullptr ? "" : defGetString(const_cast<DefElem *>(option));
}

// Scripts are UTF-8, and their texts are in the database's encoding by now, whatever the client's is.
List *options_with_encoding(const CopyStmt *statement) {
    List *options = NIL;
    ListCell *cell = nullptr;
    foreach (cell, statement->options) {
        if (strcmp(static_cast<const DefElem *>(lfirst(cell))->defname, "encoding") != 0)
            options = lappend(options, lfirst(cell));
    }
    char *encoding = pstrdup(GetDatabaseEncodingName());
    return lappend(options,
                   makeDefElem(pstrdup("encoding"), reinterpret_cast<Node *>(makeString(encoding)), -1));
}

} // namespace

CopyFeed::CopyFeed(std::string_view data) : outer_(present_feed), data_(data) {
    present_feed = this;
}

CopyFeed::~CopyFeed() {
    present_feed = outer_;
}

int CopyFeed::give(void *buffer, int, int most) {
    CopyFeed &feed = *present_feed;
    const std::size_t size = std::min(feed.data_.size() - feed.given_, static_cast<std::size_t>(most));
    std::memcpy(buffer, feed.data_.data() + feed.given_, size);
    feed.given_ += size;
    return static_cast<int>(size);
}

// COPY's own callback is there while it reads lines and stores rows, and not while it fires what is left to
// the end of the statement.
void CopyFeed::note_line(void *feed) {
    auto *self = static_cast<CopyFeed *>(feed);
    self->line_ = 0;
    for (const ErrorContextCallback *callback = error_context_stack; callback != nullptr;
         callback = callback->previous) {
        if (self->state_ != nullptr && callback->arg == self->state_)
            self->line_ = self->state_->cur_lineno;
    }
}

std::uint64_t CopyFeed::run(const CopyStmt *statement, const char *source) {
    ErrorContextCallback callback{error_context_stack, note_line, this};
    error_context_stack = &callback;
    PushActiveSnapshot(GetTransactionSnapshot());
    ParseState *parse = make_parsestate(nullptr);
    parse->p_sourcetext = source;
    Relation relation = table_openrv(statement->relation, RowExclusiveLock);
    ParseNamespaceItem *item =
        addRangeTableEntryForRelation(parse, relation, RowExclusiveLock, nullptr, false, false);
    Bitmapset *columns = nullptr;
    ListCell *cell = nullptr;
    foreach (cell, CopyGetAttnums(RelationGetDescr(relation), relation, statement->attlist))
        columns = bms_add_member(columns, lfirst_int(cell) - FirstLowInvalidHeapAttributeNumber);
    compat::require_insert_rights(parse, item, columns);
    if (check_enable_rls(RelationGetRelid(relation), InvalidOid, false) == RLS_ENABLED)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("COPY FROM not supported with row-level security"),
                        errhint("Use INSERT statements instead.")));
    if (XactReadOnly && !relation->rd_islocaltemp)
        PreventCommandIfReadOnly("COPY FROM");
    state_ = BeginCopyFrom(parse, relation, nullptr, nullptr, false, give, statement->attlist,
                           options_with_encoding(statement));
    const std::uint64_t rows = CopyFrom(state_);
    CopyFromState ended = state_;
    state_ = nullptr;
    EndCopyFrom(ended);
    table_close(relation, NoLock);
    free_parsestate(parse);
    PopActiveSnapshot();
    error_context_stack = callback.previous;
    return rows;
}

std::size_t CopyFeed::offset_of_message() const {
    if (line_ == 0)
        return std::string_view::npos;
    std::size_t offset = 0;
    for (std::uint64_t line = 1; line < line_; ++line) {
        const std::size_t feed = data_.find('\n', offset);
        if (feed == std::string_view::npos)
            break;
        offset = feed + 1;
    }
    return offset;
}

CopyObstacle copy_obstacle(const CopyStmt *statement) {
    return pg([&]() -> CopyObstacle {
        if (statement->whereClause != nullptr)
            return {"COPY with data of the script has a WHERE clause",
                    "Copy into a temporary table, and INSERT ... SELECT ... WHERE from there."};
        if (pg_strcasecmp(text_of(option_of(statement, "format")), "binary") == 0)
            return {"COPY with data of the script is of the binary format", "Write the data as text or csv."};
        const char *encoding = text_of(option_of(statement, "encoding"));
        const int number = pg_char_to_encoding(encoding);
        if (*encoding != '\0' && number != PG_UTF8 && number != GetDatabaseEncoding())
            return {"COPY with data of the script names another encoding than UTF-8",
                    "Scripts are UTF-8: take the option out."};
        return {};
    });
}

} // namespace turnstone::server
