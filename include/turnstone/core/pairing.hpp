// What in one state of a schema is what in another one.
#pragma once

#include <vector>

#include "turnstone/core/snapshot.hpp"

namespace turnstone::core {

// Null where there is none; one of both there is.
struct PairedPart {
    const Part *expected = nullptr;
    const Part *actual = nullptr;
    bool same = false; // by what the server knows it by

    [[nodiscard]] const Part &either() const {
        return actual != nullptr ? *actual
                                 : *expected; // NOLINT(clang-analyzer-core.uninitialized.UndefReturn)
    }
};

struct PairedObject {
    const Snapshot::value_type *expected = nullptr;
    const Snapshot::value_type *actual = nullptr;
    bool same = false;
    std::vector<PairedPart> parts; // of objects that are in both

    [[nodiscard]] const Snapshot::value_type &either() const {
        return actual != nullptr ? *actual : *expected;
    }
    [[nodiscard]] const ObjectKey &key() const { return either().first; }
    [[nodiscard]] bool in_both() const { return expected != nullptr && actual != nullptr; }
};

// By what the server knows things by, if that means the same in both states (same_place); what is then left,
// by type and name.
std::vector<PairedObject> paired(const Snapshot &expected, const Snapshot &actual, bool same_place);

} // namespace turnstone::core
