// Owns the raw scan: puts together what the rows of the catalogs say. Leaf code.
#include "turnstone/server/raw_scan.hpp"

#include <algorithm>

#include "turnstone/server/raw_pages.hpp"
#include "turnstone/server/raw_privileges.hpp"
#include "turnstone/server/shared_scan.hpp"

namespace turnstone::server {

namespace {

struct Scan {
    const GatedSnapshot &at;
    ObjectSums sums{};
    SystemPrivileges privileges{};
    Array<Oid> tablespaces{}; // that relations name
    struct Call {
        RootId event_trigger;
        RootId function;
    };
    Array<Call> calls{};

    void take(const Array<RawItem> &items);
    void ignore_own_event_triggers();
    Array<Oid> named_roles(const SharedRows &shared);
    RawScan result();
    RawScan run();
};

void sort_without_doubles(Array<Oid> &oids) {
    std::sort(oids.begin(), oids.end());
    oids.size = static_cast<int>(std::unique(oids.begin(), oids.end()) - oids.begin());
}

void Scan::take(const Array<RawItem> &items) {
    constexpr int ahead = 16;
    int32 number = 0;
    for (const RawItem &item : items) {
        if (const RawItem *later = &item + ahead; later < items.end())
            sums.prefetch({later->catalog, later->object});
        const RootId object{item.catalog, item.object};
        switch (item.kind) {
        case RawItem::adds:
            sums.add(object, item.hash);
            break;
        case RawItem::belongs:
            sums.belongs(object, item.owner);
            break;
        case RawItem::row_type: {
            const ObjectSums::Entry *relation = sums.find(item.owner);
            if (relation == nullptr || relation->owner != object) // no composite type
                sums.belongs(object, item.owner);
            break;
        }
        case RawItem::is_ignored:
            sums.ignore(object);
            break;
        case RawItem::number:
            number = static_cast<int32>(item.hash);
            break;
        case RawItem::present_privilege:
            privileges.present(object, number, item.hash);
            break;
        case RawItem::initial_privilege:
            privileges.initial(object, number, item.hash);
            break;
        case RawItem::tablespace:
            tablespaces.push(item.object);
            break;
        case RawItem::calls:
            calls.push({object, item.owner});
            break;
        }
    }
}

void Scan::ignore_own_event_triggers() {
    for (const Call &call : calls) {
        if (sums.root(call.function) == ObjectSums::ignored)
            sums.ignore(call.event_trigger);
    }
}

// Roles that an object which counts names, or a setting of this database; and the superuser that initdb made,
// which no dependency names.
Array<Oid> Scan::named_roles(const SharedRows &shared) {
    Array<Oid> named{};
    named.push(BOOTSTRAP_SUPERUSERID);
    for (const Oid role : shared.roles_with_settings)
        named.push(role);
    each_named_role(at.snapshot, [&](RootId object, Oid role) {
        if (std::find(named.begin(), named.end(), role) == named.end() && sums.find(object) != nullptr &&
            sums.root(object) != ObjectSums::ignored)
            named.push(role);
    });
    std::sort(named.begin(), named.end());
    return named;
}

RawScan Scan::result() {
    const SharedRows shared = scan_shared_catalogs(at.snapshot);
    const Array<Oid> roles = named_roles(shared);
    for (const SharedRow &row : shared.rows) {
        const bool counts = row.root.catalog == AuthIdRelationId
                                ? std::binary_search(roles.begin(), roles.end(), row.root.object)
                            : row.root.catalog == TableSpaceRelationId
                                ? std::binary_search(tablespaces.begin(), tablespaces.end(), row.root.object)
                                : true;
        if (counts)
            sums.add(row.root, row.hash);
    }
    sums.fold();
    ObjectSums of_system{};
    privileges.each_difference([&](RootId object, std::uint64_t hash) {
        const RootId root = sums.root(object);
        if (is_one_of_many(root))
            of_system.add(object, hash);
        else if (root != ObjectSums::ignored)
            sums.add(root, hash);
    });
    Array<RawEntry> entries{};
    const auto put = [&](RootId root, std::uint64_t sum) { entries.push({root, sum == 0 ? 1 : sum}); };
    sums.each_root([&](RootId root, std::uint64_t sum) {
        if (is_one_of_many(root))
            of_system.add({root.catalog, InvalidOid}, sum);
        else
            put(root, sum);
    });
    of_system.each_root(put);
    std::sort(entries.begin(), entries.end(),
              [](const RawEntry &left, const RawEntry &right) { return left.root < right.root; });
    return {entries, sum_of(shared)};
}

RawScan Scan::run() {
    RawPages pages(at);
    for (std::size_t i = 0; i < catalogs_of_raw_scan().size(); ++i)
        take(pages.items_of(i));
    pages.keep();
    sort_without_doubles(tablespaces);
    ignore_own_event_triggers();
    return result();
}

} // namespace

RawScan scan_raw(const GatedSnapshot &at) {
    return Scan{.at = at}.run();
}

} // namespace turnstone::server
