// Errands for a background worker: something to be done in a transaction of its own, beside the session that
// asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

struct Errand {
    const char *function; // exported by this library; must call do_errand()
    const char *title;    // as pg_stat_activity shows it
    Oid user;             // whose session the worker has; InvalidOid for the bootstrap superuser's
    std::vector<std::string> fields;
};

struct ErrandEnd {
    bool started = false;
    bool ended = false;                 // within 5 seconds; otherwise it goes on by itself
    std::optional<std::int64_t> answer; // none where the worker ended with an error
};

// Starts the worker and waits for its end. Does not look at interrupts: the session is on its way out with an
// error already.
ErrandEnd send_worker(const Errand &errand);

// The worker's side, to be called inside entry(): connects to the asking session's database and does the work
// in a transaction. The argument of the worker's main function is the handle of a shared memory segment.
void do_errand(Datum segment_handle,
               const std::function<std::int64_t(const std::vector<std::string> &)> &work);

} // namespace turnstone::server
