// Owns the session's own waits, and the names that they have in pg_stat_activity.
#include "turnstone/server/waits.hpp"

#include <array>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

uint32 wait_event(Wait wait) {
    constexpr std::array<const char *, 4> names{"TurnstoneRunLock", "TurnstoneDdlLock", "TurnstoneRun",
                                                "TurnstoneWorker"};
    static std::array<uint32, names.size()> events{};
    const auto place = static_cast<std::size_t>(wait);
    if (events[place] == 0)
        events[place] = compat::new_wait_event(names[place]);
    return events[place];
}

void pause(Wait wait, long milliseconds) {
    pg([&] {
        // In a procedure nothing else holds a snapshot now; nobody's CONCURRENTLY is to wait for this one.
        InvalidateCatalogSnapshot();
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, milliseconds,
                        wait_event(wait));
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    });
}

} // namespace turnstone::server
