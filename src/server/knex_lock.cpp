// Owns Knex's lock row.
#include "turnstone/server/knex_lock.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/as_owner.hpp"
#include "turnstone/server/top_level.hpp"

namespace turnstone::server {

namespace {

constexpr const char *nobody = "0";
constexpr const char *a_run_of_ours = "2"; // Knex itself writes 1; anything but 0 keeps it away

struct LockTable {
    Oid relation = InvalidOid;
    std::string name; // schema and table, quoted
};

LockTable lock_table_of(const ForeignJournal &journal) {
    const std::string table = journal.table + "_lock";
    LockTable lock;
    lock.relation = pg([&] {
        const Oid relation = get_relname_relid(table.c_str(), get_rel_namespace(journal.relation));
        const bool is_it = OidIsValid(relation) && get_rel_relkind(relation) == RELKIND_RELATION &&
                           get_attnum(relation, "is_locked") != InvalidAttrNumber;
        return is_it ? relation : InvalidOid;
    });
    if (OidIsValid(lock.relation))
        lock.name = pg([&] {
            return std::string_view(quote_qualified_identifier(journal.schema.c_str(), table.c_str()));
        });
    return lock;
}

// How many rows were of the kind.
std::size_t set_lock(const LockTable &lock, const char *value, const char *from) {
    require_right(lock.relation, lock.name, ACL_UPDATE);
    const AsOwner as_owner(lock.relation, lock.name);
    const std::string statement = fmt::format(
        "update {} set is_locked = $1::pg_catalog.int4 where is_locked in ({}) returning is_locked",
        lock.name, from);
    Query query{statement.c_str()};
    return run(query, {std::string(value)}, Rights::caller).size();
}

} // namespace

void take_knex_lock(const ForeignJournal &journal, LockOwner owner) {
    const LockTable lock = lock_table_of(journal);
    if (!OidIsValid(lock.relation))
        return;
    if (set_lock(lock, owner == LockOwner::session ? a_run_of_ours : nobody, "0, 2") == 0)
        throw core::Error(
            core::ErrorCode::wrong_state, "knex is migrating this database",
            fmt::format("No row of {} says is_locked = 0.", lock.name),
            "Wait for its end. Where it has died, \"knex migrate:unlock\" gives the lock back.");
    if (owner == LockOwner::session)
        commit_and_begin();
}

void release_knex_lock(const ForeignJournal &journal) {
    const LockTable lock = lock_table_of(journal);
    if (!OidIsValid(lock.relation))
        return;
    (void)set_lock(lock, nobody, a_run_of_ours);
    commit_and_begin();
}

} // namespace turnstone::server
