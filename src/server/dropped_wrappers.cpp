#include "turnstone/server/dropped_wrappers.hpp"

#include <fmt/format.h>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

namespace {

void tell(const std::string &what) {
    pg([&] {
        ereport(NOTICE, (errmsg("BEGIN and COMMIT around %s are dropped", what.c_str()),
                         errdetail("The engine runs every migration in a transaction.")));
    });
}

} // namespace

void DroppedWrappers::add(const std::string &name, core::Direction direction) {
    const std::string script = fmt::format("migration \"{}\" ({})", name, core::direction_name(direction));
    if (notices_ == Notices::each)
        return tell(script);
    if (++count_ == 1)
        first_ = script;
}

void DroppedWrappers::tell_of_all() const {
    if (count_ > 0)
        tell(count_ == 1 ? first_ : fmt::format("{} and {} more", first_, count_ - 1));
}

} // namespace turnstone::server
