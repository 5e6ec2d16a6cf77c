// (interim; see branch raw)
#include "turnstone/server/raw_state.hpp"

#include <algorithm>
#include <cstring>

#include "turnstone/server/capture.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

RawState raw_state() {
    RawState state;
    for (const auto &[key, document] : capture_schema()) {
        const core::Physical physical = core::object_of(key, document).physical;
        const std::string text = key.identity + document;
        state.push_back({{static_cast<Oid>(physical.catalog), static_cast<Oid>(physical.id)},
                         hash_bytes_extended(reinterpret_cast<const unsigned char *>(text.data()),
                                             static_cast<int>(text.size()), 1)});
    }
    std::sort(state.begin(), state.end(),
              [](const RawHash &left, const RawHash &right) { return left.root < right.root; });
    return state;
}

std::vector<RootId> roots_that_differ(const RawState &one, const RawState &other) {
    std::vector<RootId> found;
    auto left = one.begin();
    auto right = other.begin();
    while (left != one.end() || right != other.end()) {
        if (right == other.end() || (left != one.end() && left->root < right->root)) {
            found.push_back((left++)->root);
        } else if (left == one.end() || right->root < left->root) {
            found.push_back((right++)->root);
        } else {
            if (left->hash != right->hash || left->hash == 0)
                found.push_back(left->root);
            ++left;
            ++right;
        }
    }
    return found;
}

std::optional<RawState> recorded_raw_state() {
    static Query query{"select hashes from turnstone.baseline"};
    const Rows rows = run(query);
    if (rows.empty())
        return std::nullopt;
    const std::string &bytes = rows.text(0, 0);
    RawState state(bytes.size() / sizeof(RawHash));
    if (!state.empty())
        memcpy(static_cast<void *>(state.data()), bytes.data(), bytes.size());
    return state;
}

void keep_raw_state(const RawState &state) {
    static Query forget{"delete from turnstone.baseline"};
    static Query keep{"insert into turnstone.baseline (hashes) values ($1)"};
    run(forget);
    run(keep,
        {Value::binary({reinterpret_cast<const char *>(state.data()), state.size() * sizeof(RawHash)})});
}

bool surely_unchanged() {
    return false;
}

void open_gate() {}

} // namespace turnstone::server
