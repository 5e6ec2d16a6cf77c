// Owns the scans of the shared catalogs. Leaf code.
#include "turnstone/server/shared_scan.hpp"

#include "turnstone/server/catalog_rows.hpp"
#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

namespace {

std::uint64_t name_hash(const NameData &name, Oid object) {
    return hash_of_bytes(NameStr(name), strlen(NameStr(name)), object);
}

} // namespace

SharedRows scan_shared_catalogs(Snapshot snapshot) {
    SharedRows found{};
    const RootId database{DatabaseRelationId, MyDatabaseId};
    const auto add = [&](RootId root, std::uint64_t hash) { found.rows.push({root, hash}); };

    // Passwords, memberships and the places of files are no matter of the schema.
    each_row(AuthIdRelationId, snapshot, [&](HeapTuple row, TupleDesc) {
        const auto *role = reinterpret_cast<Form_pg_authid>(GETSTRUCT(row));
        add({AuthIdRelationId, role->oid}, name_hash(role->rolname, role->oid));
    });
    each_row(TableSpaceRelationId, snapshot, [&](HeapTuple row, TupleDesc) {
        const auto *place = reinterpret_cast<Form_pg_tablespace>(GETSTRUCT(row));
        add({TableSpaceRelationId, place->oid}, name_hash(place->spcname, place->oid));
    });
    each_row(DatabaseRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        if (reinterpret_cast<Form_pg_database>(GETSTRUCT(row))->oid == MyDatabaseId)
            add(database, hash_of_row(DatabaseRelationId, row, descriptor));
    });
    each_row(DbRoleSettingRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *setting = reinterpret_cast<Form_pg_db_role_setting>(GETSTRUCT(row));
        if (setting->setdatabase != MyDatabaseId)
            return;
        const RootId of_role{DbRoleSettingRelationId, setting->setrole};
        add(OidIsValid(setting->setrole) ? of_role : database,
            hash_of_row(DbRoleSettingRelationId, row, descriptor));
        if (OidIsValid(setting->setrole))
            found.roles_with_settings.push(setting->setrole);
    });
    each_row(SharedDescriptionRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *description = reinterpret_cast<Form_pg_shdescription>(GETSTRUCT(row));
        if (description->classoid == DatabaseRelationId && description->objoid == MyDatabaseId)
            add(database, hash_of_row(SharedDescriptionRelationId, row, descriptor));
    });
    Array<Oid> subscriptions{};
    each_row(SubscriptionRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *subscription = reinterpret_cast<Form_pg_subscription>(GETSTRUCT(row));
        if (subscription->subdbid != MyDatabaseId)
            return;
        subscriptions.push(subscription->oid);
        add({SubscriptionRelationId, subscription->oid},
            hash_of_row(SubscriptionRelationId, row, descriptor));
    });
    each_row(SharedSecLabelRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *label = reinterpret_cast<Form_pg_shseclabel>(GETSTRUCT(row));
        bool ours = label->classoid == DatabaseRelationId && label->objoid == MyDatabaseId;
        for (const Oid subscription : subscriptions)
            ours = ours || (label->classoid == SubscriptionRelationId && label->objoid == subscription);
        if (ours)
            add({label->classoid, label->objoid}, hash_of_row(SharedSecLabelRelationId, row, descriptor));
    });
    each_row(ParameterAclRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        add({ParameterAclRelationId, reinterpret_cast<Form_pg_parameter_acl>(GETSTRUCT(row))->oid},
            hash_of_row(ParameterAclRelationId, row, descriptor));
    });
    return found;
}

std::uint64_t sum_of(const SharedRows &shared) {
    std::uint64_t sum = 0;
    for (const SharedRow &row : shared.rows)
        sum += hash_of_bytes(&row.root, sizeof row.root, row.hash);
    return sum;
}

} // namespace turnstone::server
