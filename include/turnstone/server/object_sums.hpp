// A sum of hashes for each object of the catalogs, whatever the order in which they come, and what belongs to
// what: at the end the sum of each object that belongs to another is added to that of its root. Leaf code; a
// flat table in the memory context that was current when it was first added to.
#pragma once

#include <cstdint>

#include "turnstone/server/root_id.hpp"

namespace turnstone::server {

class ObjectSums {
  public:
    struct Entry {
        RootId object;
        RootId owner; // what it belongs to; see none and ignored
        std::uint64_t sum;
    };
    static constexpr RootId none{InvalidOid, InvalidOid};
    static constexpr RootId ignored{1, InvalidOid}; // no OID of a catalog

    void add(RootId object, std::uint64_t hash) { entry(object)->sum += hash; }
    // The first that is said of an object counts.
    void belongs(RootId object, RootId owner) {
        if (Entry *one = entry(object); one->owner == none)
            one->owner = owner;
    }
    // Neither it nor what belongs to it is to be in the sums.
    void ignore(RootId object) { entry(object)->owner = ignored; }

    [[nodiscard]] bool is_ignored(RootId object) const {
        const Entry *one = find(object);
        return one != nullptr && one->owner == ignored;
    }
    [[nodiscard]] const Entry *find(RootId object) const;
    // Has the processor fetch the object's entry: most of the time would go by waiting for memory.
    void prefetch(RootId object) const {
        if (room_ != 0)
            __builtin_prefetch(&entries_[spread(object) & (room_ - 1)]);
    }
    // What the object belongs to in the end, which may be itself; `ignored` for what is to be left out.
    [[nodiscard]] RootId root(RootId object) const;

    // Adds up. From now on those entries count that are their own roots.
    void fold();

    // visit(object, sum) for each root.
    template <class Visit>
    void each_root(Visit visit) const {
        for (std::uint32_t i = 0; i < room_; ++i) {
            if (entries_[i].object != none && entries_[i].owner == none)
                visit(entries_[i].object, entries_[i].sum);
        }
    }

  private:
    static std::uint32_t spread(RootId object) {
        const std::uint64_t key = (static_cast<std::uint64_t>(object.catalog) << 32) | object.object;
        return static_cast<std::uint32_t>((key * 0x9e3779b97f4a7c15) >> 32);
    }
    Entry *entry(RootId object);
    [[nodiscard]] std::uint32_t place(RootId object) const;
    void grow();

    Entry *entries_ = nullptr;
    std::uint32_t room_ = 0; // a power of two
    std::uint32_t used_ = 0;
    Entry *last_ = nullptr; // rows of one object mostly follow each other
};

} // namespace turnstone::server
