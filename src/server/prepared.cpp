// Owns the memory of scripts between their check and their run.
#include "turnstone/server/prepared.hpp"

#include "turnstone/server/registry.hpp"

namespace turnstone::server {

namespace {

// Of text; parse trees take some ten times as much.
constexpr std::size_t most_kept_bytes = 2 * 1024 * 1024;

PreparedScript prepare_in(MemoryContext context, const std::string &version, const std::string &name,
                          core::Direction direction) {
    MemoryContext outer = MemoryContextSwitchTo(context);
    PreparedScript prepared;
    try {
        prepared = prepare_script(version, name, direction);
    } catch (...) {
        MemoryContextSwitchTo(outer);
        throw;
    }
    MemoryContextSwitchTo(outer);
    return prepared;
}

} // namespace

PreparedScript prepare_script(const std::string &version, const std::string &name,
                              core::Direction direction) {
    PreparedScript prepared{registered_script(version), {}};
    prepared.statements = parse_section({name, direction, prepared.script.section(direction).text});
    return prepared;
}

PreparedScripts::PreparedScripts()
    : context_(pg([] {
          return AllocSetContextCreate(CurrentMemoryContext, "turnstone scripts", ALLOCSET_DEFAULT_SIZES);
      })),
      passing_(pg([&] {
          return AllocSetContextCreate(context_, "turnstone script too large to keep",
                                       ALLOCSET_DEFAULT_SIZES);
      })) {}

PreparedScripts::~PreparedScripts() {
    if (!unwinding_.now()) // the abort that follows may still look at what is in it
        MemoryContextDelete(context_);
}

const PreparedScript &PreparedScripts::prepare(const std::string &version, const std::string &name,
                                               core::Direction direction) {
    not_kept_ = {};
    pg([&] { MemoryContextReset(passing_); });
    const bool keeps = kept_bytes_ < most_kept_bytes;
    PreparedScript prepared = prepare_in(keeps ? context_ : passing_, version, name, direction);
    if (!keeps)
        return not_kept_ = std::move(prepared);
    kept_bytes_ += prepared.script.up.text.size() + prepared.script.down.text.size();
    return kept_[{version, direction}] = std::move(prepared);
}

PreparedScript PreparedScripts::take(const std::string &version, const std::string &name,
                                     core::Direction direction) {
    const auto found = kept_.find({version, direction});
    if (found == kept_.end())
        return prepare_script(version, name, direction);
    PreparedScript prepared = std::move(found->second);
    kept_.erase(found);
    return prepared;
}

} // namespace turnstone::server
