// Owns the lines that wait for the end of their transaction, each with the subtransaction that it may vanish
// with.
#include "turnstone/server/event_log.hpp"

#include <vector>

#include <fmt/format.h>

#include "turnstone/server/settings.hpp"

namespace turnstone::server {

namespace {

struct Line {
    SubTransactionId subtransaction;
    std::string text;
};
std::vector<Line> waiting;

// A leaf.
void write_line(int sqlstate, const char *text) {
    ereport(LOG, (errcode(sqlstate), errmsg_internal("turnstone: %s", text), errhidestmt(true),
                  errhidecontext(true)));
}

void on_end(XactEvent event, void *) {
    if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
        return;
    if (event == XACT_EVENT_COMMIT) {
        for (const Line &line : waiting)
            write_line(ERRCODE_SUCCESSFUL_COMPLETION, line.text.c_str());
    }
    waiting.clear();
}

// Numbers of subtransactions grow: those within this one have greater ones.
void on_subtransaction_end(SubXactEvent event, SubTransactionId its_own, SubTransactionId, void *) {
    if (event == SUBXACT_EVENT_ABORT_SUB)
        std::erase_if(waiting, [&](const Line &line) { return line.subtransaction >= its_own; });
}

void log_at_commit(std::string text) {
    static bool registered = false;
    if (!registered) {
        pg([] {
            RegisterXactCallback(on_end, nullptr);
            RegisterSubXactCallback(on_subtransaction_end, nullptr);
        });
        registered = true;
    }
    waiting.push_back({GetCurrentSubTransactionId(), std::move(text)});
}

} // namespace

void log_event(const JournalEvent &event, const std::string &role) {
    if (!settings::log_events())
        return;
    const std::string state = event.state == nullptr ? "" : fmt::format(": {}", event.state);
    const std::string time =
        event.ran ? fmt::format(", {:.3f} ms", static_cast<double>(event.run.microseconds) / 1000) : "";
    const std::string reason = event.reason ? fmt::format(": {}", *event.reason) : "";
    log_at_commit(fmt::format("{} \"{}\"{} (run {}{}, role {}){}", event.event, event.name, state,
                              event.run_id, time, role, reason));
}

void log_interruption(std::int64_t run_id) {
    if (settings::log_events())
        log_at_commit(fmt::format("run {} was interrupted", run_id));
}

void log_failure(const Failure &failure) {
    if (!settings::log_events())
        return;
    const char *sqlstate = unpack_sql_state(failure.error->sqlerrcode);
    const SectionRun &run = failure.run;
    const std::string place = run.failed_statement > 0 ? fmt::format(", statement {}, line {}",
                                                                     run.failed_statement, run.failed_line)
                                                       : "";
    const std::string text =
        fmt::format("{} \"{}\": failed with {}{}", failure.event, failure.name, sqlstate, place);
    pg([&] { write_line(failure.error->sqlerrcode, text.c_str()); });
}

} // namespace turnstone::server
