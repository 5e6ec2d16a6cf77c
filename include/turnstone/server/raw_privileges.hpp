// The privileges on what initdb made: where they are not those that initdb gave. Leaf code.
#pragma once

#include <algorithm>

#include "turnstone/server/array.hpp"
#include "turnstone/server/object_sums.hpp"
#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

class SystemPrivileges {
  public:
    // Number: of a column, or 0. Hash: of the array of privileges, never of a null.
    void present(RootId object, int32 number, std::uint64_t hash) { present_.push({object, number, hash}); }
    void initial(RootId object, int32 number, std::uint64_t hash) { initial_.push({object, number, hash}); }

    // visit(object, hash) for each object or column where the two differ.
    template <class Visit>
    void each_difference(Visit visit) {
        const auto before = [](const One &left, const One &right) {
            return left.object != right.object ? left.object < right.object : left.number < right.number;
        };
        std::sort(present_.begin(), present_.end(), before);
        std::sort(initial_.begin(), initial_.end(), before);
        const One *was = initial_.begin();
        const One *is = present_.begin();
        const auto differs = [&](const One &one, std::uint64_t hash) {
            visit(one.object, hash_of_bytes(&hash, sizeof hash, static_cast<std::uint64_t>(one.number)));
        };
        while (was != initial_.end() || is != present_.end()) {
            if (is == present_.end() || (was != initial_.end() && before(*was, *is))) {
                differs(*was, 0);
                ++was;
            } else if (was == initial_.end() || before(*is, *was)) {
                differs(*is, is->hash);
                ++is;
            } else {
                if (was->hash != is->hash)
                    differs(*is, is->hash);
                ++was;
                ++is;
            }
        }
    }

  private:
    struct One {
        RootId object;
        int32 number;
        std::uint64_t hash;
    };
    Array<One> present_{};
    Array<One> initial_{};
};

} // namespace turnstone::server
