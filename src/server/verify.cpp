// Owns the verifiers: one for each kind of statement that commits on its way. All others leave either
// everything or nothing, and their step's mark says which, since it is written in their own transaction.
#include "turnstone/server/verify.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "turnstone/server/sql.hpp"
#include "turnstone/server/steps.hpp"

namespace turnstone::server {

namespace {

template <class Node>
const Node *node_of(const RawStmt *raw, NodeTag tag) {
    return nodeTag(raw->stmt) == tag ? reinterpret_cast<const Node *>(raw->stmt) : nullptr;
}

const IndexStmt *concurrent_index(const RawStmt *raw) {
    const auto *index = node_of<IndexStmt>(raw, T_IndexStmt);
    return index != nullptr && index->concurrent ? index : nullptr;
}

// A list of OIDs as text, in order, divided by blanks.
std::set<std::string> listed(const std::string &oids) {
    std::set<std::string> all;
    for (std::size_t start = 0; start < oids.size();) {
        const std::size_t end = std::min(oids.find(' ', start), oids.size());
        all.insert(oids.substr(start, end - start));
        start = end + 1;
    }
    return all;
}

Oid relation_of(const RangeVar *relation) {
    return pg([&] { return RangeVarGetRelid(relation, NoLock, true); });
}

std::string indexes_of(Oid table) {
    static Query query{R"(
        select pg_catalog.string_agg(indexrelid::pg_catalog.text, ' ') from pg_catalog.pg_index
         where indrelid = $1::pg_catalog.oid)"};
    return run(query, {static_cast<std::int64_t>(table)}, Rights::caller).text(0, 0);
}

std::string invalid_indexes() {
    static Query query{R"(
        select pg_catalog.string_agg(indexrelid::pg_catalog.text, ' ') from pg_catalog.pg_index
         where not indisvalid)"};
    return run(query, {}, Rights::caller).text(0, 0);
}

std::string qualified_name(const std::string &oid) {
    static Query query{"select pg_catalog.format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c "
                       "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
                       "where c.oid = $1::pg_catalog.oid"};
    const Rows rows = run(query, {oid}, Rights::caller);
    return rows.empty() ? std::string{} : rows.text(0, 0);
}

bool is_valid_index(const std::string &oid) {
    static Query query{"select indisvalid and indisready and indislive from pg_catalog.pg_index "
                       "where indexrelid = $1::pg_catalog.oid"};
    const Rows rows = run(query, {oid}, Rights::caller);
    return !rows.empty() && rows.boolean(0, 0);
}

// Another session may be building the index at this moment: then it holds this lock on the table.
void wait_for_other_builds(Oid table) {
    pg([&] {
        InvalidateCatalogSnapshot(); // that build waits for everybody's snapshots
        LockRelationOid(table, ShareUpdateExclusiveLock);
        UnlockRelationOid(table, ShareUpdateExclusiveLock);
    });
}

// A build lets its lock on the table go before the commit that makes its index valid.
bool is_valid_in_the_end(const std::string &oid) {
    static Query query{"select xmax::pg_catalog.text from pg_catalog.pg_index "
                       "where indexrelid = $1::pg_catalog.oid"};
    if (is_valid_index(oid))
        return true;
    const Rows rows = run(query, {oid}, Rights::caller);
    const auto changed_by =
        rows.empty() ? InvalidTransactionId : static_cast<TransactionId>(rows.integer(0, 0));
    if (!TransactionIdIsNormal(changed_by))
        return false;
    pg([&] {
        InvalidateCatalogSnapshot();
        XactLockTableWait(changed_by, nullptr, nullptr, XLTW_None);
    });
    return is_valid_index(oid);
}

Remains invalid_index(const std::string &oid) {
    const std::string name = qualified_name(oid);
    return {Remains::State::undone,
            {fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}", name)},
            fmt::format("index {} is INVALID, left by a build that was cut off: it is dropped", name)};
}

// The index of the statement's name on its table; 0 for none.
Oid named_index(const IndexStmt *statement, Oid table) {
    return pg([&] {
        const Oid index = get_relname_relid(statement->idxname, get_rel_namespace(table));
        return OidIsValid(index) && get_rel_relkind(index) == RELKIND_INDEX &&
                       IndexGetRelation(index, true) == table
                   ? index
                   : InvalidOid;
    });
}

// An index that was there before is not the statement's own.
Remains remains_of_named_index(const IndexStmt *statement, const std::string &before) {
    const Oid table = relation_of(statement->relation);
    if (!OidIsValid(table))
        return {};
    Oid index = named_index(statement, table);
    if (!OidIsValid(index) || listed(before).contains(std::to_string(index)))
        return {};
    if (!is_valid_index(std::to_string(index))) {
        wait_for_other_builds(table);
        index = named_index(statement, table);
        if (!OidIsValid(index))
            return {};
    }
    if (is_valid_in_the_end(std::to_string(index)))
        return {Remains::State::done, {}, fmt::format("index \"{}\" is there and valid", statement->idxname)};
    return invalid_index(std::to_string(index));
}

// The server chose the name: the statement's own is what was not there before.
Remains remains_of_unnamed_index(const IndexStmt *statement, const std::string &before) {
    const Oid table = relation_of(statement->relation);
    if (!OidIsValid(table))
        return {};
    wait_for_other_builds(table);
    const std::set<std::string> known = listed(before);
    std::vector<std::string> valid;
    Remains remains;
    for (const std::string &oid : listed(indexes_of(table))) {
        if (known.contains(oid))
            continue;
        if (is_valid_in_the_end(oid))
            valid.push_back(oid);
        else {
            const Remains invalid = invalid_index(oid);
            remains.cleanup.push_back(invalid.cleanup.front());
            remains.finding = invalid.finding;
        }
    }
    if (valid.size() > 1)
        return {Remains::State::unknown, {}, "several indexes have been built on the table since"};
    if (valid.size() == 1)
        return {Remains::State::done,
                {},
                fmt::format("index {} is there and valid", qualified_name(valid.front()))};
    return remains;
}

Remains remains_of_drop(const DropStmt *statement) {
    const bool there = pg([&] {
        ListCell *cell = nullptr;
        foreach (cell, statement->objects) {
            const RangeVar *name = makeRangeVarFromNameList(static_cast<List *>(lfirst(cell)));
            if (OidIsValid(RangeVarGetRelid(name, NoLock, true)))
                return true;
        }
        return false;
    });
    // An index that is half dropped is INVALID, and can be dropped again.
    return there ? Remains{} : Remains{Remains::State::done, {}, "the index is gone"};
}

// A rebuild that was cut off leaves INVALID indexes whose names end in _ccnew or _ccold, and a number maybe.
Remains remains_of_reindex(const std::string &before) {
    const std::set<std::string> known = listed(before);
    Remains remains;
    for (const std::string &oid : listed(invalid_indexes())) {
        if (known.contains(oid))
            continue;
        const std::string name = qualified_name(oid);
        if (name.find("_ccnew") == std::string::npos && name.find("_ccold") == std::string::npos)
            continue;
        remains.cleanup.push_back(fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}", name));
        remains.finding = fmt::format("index {} is left of a rebuild that was cut off: it is dropped", name);
    }
    return remains;
}

Remains remains_of_detach(const AlterTableStmt *statement, const PartitionCmd *command) {
    static Query query{R"(
        select inhdetachpending,
               pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', $1::pg_catalog.oid::pg_catalog.regclass,
                                 $2::pg_catalog.oid::pg_catalog.regclass)
          from pg_catalog.pg_inherits where inhparent = $1::pg_catalog.oid and inhrelid = $2::pg_catalog.oid)"};
    const Oid parent = relation_of(statement->relation);
    const Oid child = relation_of(command->name);
    if (!OidIsValid(parent) || !OidIsValid(child))
        return {};
    const Rows rows =
        run(query, {static_cast<std::int64_t>(parent), static_cast<std::int64_t>(child)}, Rights::caller);
    if (rows.empty())
        return {Remains::State::done, {}, "the partition is detached"};
    if (rows.boolean(0, 0))
        return {Remains::State::done,
                {rows.text(0, 1)},
                "the partition is half detached: that is brought to its end"};
    return {};
}

const PartitionCmd *concurrent_detach(const AlterTableStmt *statement) {
    return pg([&] {
        ListCell *cell = nullptr;
        foreach (cell, statement->cmds) {
            const auto *command = static_cast<const AlterTableCmd *>(lfirst(cell));
            if (command->subtype == AT_DetachPartition)
                return reinterpret_cast<const PartitionCmd *>(command->def);
        }
        return static_cast<const PartitionCmd *>(nullptr);
    });
}

} // namespace

std::optional<std::string> note_before(const RawStmt *raw) {
    if (const IndexStmt *index = concurrent_index(raw)) {
        const Oid table = relation_of(index->relation);
        return OidIsValid(table) ? indexes_of(table) : std::string{};
    }
    if (node_of<ReindexStmt>(raw, T_ReindexStmt) != nullptr)
        return invalid_indexes();
    return std::nullopt;
}

Remains look_at_remains(const RawStmt *raw, const std::optional<std::string> &before) {
    if (before == nothing_committed)
        return look_before_first_run(raw);
    if (const IndexStmt *index = concurrent_index(raw))
        return index->idxname != nullptr ? remains_of_named_index(index, before.value_or(""))
                                         : remains_of_unnamed_index(index, before.value_or(""));
    if (const auto *drop = node_of<DropStmt>(raw, T_DropStmt))
        return remains_of_drop(drop);
    if (node_of<ReindexStmt>(raw, T_ReindexStmt) != nullptr)
        return remains_of_reindex(before.value_or(""));
    if (const auto *alter = node_of<AlterTableStmt>(raw, T_AlterTableStmt)) {
        if (const PartitionCmd *detach = concurrent_detach(alter))
            return remains_of_detach(alter, detach);
    }
    if (IsA(raw->stmt, DoStmt) || IsA(raw->stmt, CallStmt))
        return {Remains::State::unknown, {}, "it may have committed on its way"};
    return {};
}

Remains look_before_first_run(const RawStmt *raw) {
    const IndexStmt *index = concurrent_index(raw);
    if (index == nullptr || !index->if_not_exists || index->idxname == nullptr)
        return {};
    const Remains remains = remains_of_named_index(index, {});
    return remains.state == Remains::State::done ? Remains{} : remains; // a valid one: the statement says so
}

} // namespace turnstone::server
