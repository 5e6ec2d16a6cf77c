// Owns the way to a background worker and back, through a segment of shared memory.
#include "turnstone/server/worker.hpp"

#include <cstring>

#include "turnstone/server/waits.hpp"

namespace turnstone::server {

namespace {

constexpr int longest_wait_for_end_ms = 5000;
constexpr int longest_wait_for_answer_ms = 10000;
constexpr int wait_step_ms = 5;

// The segment: this, then each field's length and bytes.
struct Header {
    Oid database;
    Oid user;
    std::uint32_t fields;
    std::uint32_t answered;
    std::int64_t answer;
};

std::string packed(const Errand &errand) {
    const Header header{MyDatabaseId, errand.user, static_cast<std::uint32_t>(errand.fields.size()), 0, 0};
    std::string bytes(reinterpret_cast<const char *>(&header), sizeof header);
    for (const std::string &field : errand.fields) {
        const auto length = static_cast<std::uint32_t>(field.size());
        bytes.append(reinterpret_cast<const char *>(&length), sizeof length);
        bytes += field;
    }
    return bytes;
}

std::vector<std::string> unpacked(const char *bytes) {
    Header header;
    memcpy(&header, bytes, sizeof header);
    bytes += sizeof header;
    std::vector<std::string> fields;
    for (std::uint32_t i = 0; i < header.fields; ++i) {
        std::uint32_t length = 0;
        memcpy(&length, bytes, sizeof length);
        fields.emplace_back(bytes + sizeof length, length);
        bytes += sizeof length + length;
    }
    return fields;
}

// A leaf.
BackgroundWorkerHandle *start_worker(const Errand &errand, dsm_segment *segment) {
    BackgroundWorker worker;
    memset(&worker, 0, sizeof worker);
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
    worker.bgw_restart_time = BGW_NEVER_RESTART;
    strlcpy(worker.bgw_library_name, "turnstone", sizeof worker.bgw_library_name);
    strlcpy(worker.bgw_function_name, errand.function, sizeof worker.bgw_function_name);
    strlcpy(worker.bgw_name, errand.title, sizeof worker.bgw_name);
    strlcpy(worker.bgw_type, "turnstone", sizeof worker.bgw_type);
    worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(segment));
    worker.bgw_notify_pid = MyProcPid;
    BackgroundWorkerHandle *handle = nullptr;
    return RegisterDynamicBackgroundWorker(&worker, &handle) ? handle : nullptr;
}

// Written by the worker while the asking session looks.
bool has_answered(const char *bytes) {
    const auto *header = reinterpret_cast<const volatile Header *>(bytes);
    const bool answered = header->answered != 0;
    pg_read_barrier();
    return answered;
}

// True where the worker has ended, or has answered where that is enough.
bool wait_for(BackgroundWorkerHandle *handle, const char *bytes, Until until) {
    const int longest_wait_ms =
        until == Until::its_end ? longest_wait_for_end_ms : longest_wait_for_answer_ms;
    for (int waited = 0; waited < longest_wait_ms; waited += wait_step_ms) {
        pid_t pid = 0;
        if (GetBackgroundWorkerPid(handle, &pid) == BGWH_STOPPED)
            return true;
        if (until == Until::its_answer) {
            if (has_answered(bytes))
                return true;
            CHECK_FOR_INTERRUPTS();
        }
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, wait_step_ms,
                        wait_event(Wait::worker));
        ResetLatch(MyLatch);
    }
    return false;
}

} // namespace

ErrandEnd send_worker(const Errand &errand, Until until) {
    struct Flat {
        bool started, ended, answered;
        std::int64_t answer;
    };
    const std::string bytes = packed(errand);
    const Flat flat = pg([&] {
        Flat end{false, false, false, 0};
        dsm_segment *segment = dsm_create(bytes.size(), DSM_CREATE_NULL_IF_MAXSEGMENTS);
        if (segment == nullptr)
            return end;
        memcpy(dsm_segment_address(segment), bytes.data(), bytes.size());
        BackgroundWorkerHandle *handle = start_worker(errand, segment);
        end.started = handle != nullptr;
        end.ended =
            end.started && wait_for(handle, static_cast<const char *>(dsm_segment_address(segment)), until);
        if (end.ended) {
            Header header;
            memcpy(&header, dsm_segment_address(segment), sizeof header);
            end.answered = header.answered != 0;
            end.answer = header.answer;
        }
        dsm_detach(segment);
        return end;
    });
    ErrandEnd end{flat.started, flat.ended, std::nullopt};
    if (flat.answered)
        end.answer = flat.answer;
    return end;
}

TakenErrand::TakenErrand(Datum segment_handle)
    : bytes_(pg([&]() -> char * {
          dsm_segment *segment = dsm_attach(DatumGetUInt32(segment_handle));
          if (segment == nullptr)
              return nullptr;       // whoever asked has gone
          dsm_pin_mapping(segment); // until the worker ends, across its transactions
          auto *address = static_cast<char *>(dsm_segment_address(segment));
          Header header;
          memcpy(&header, address, sizeof header);
          BackgroundWorkerInitializeConnectionByOid(header.database, header.user, 0);
          return address;
      })) {
    if (bytes_ != nullptr)
        fields_ = unpacked(bytes_);
}

void TakenErrand::answer(std::int64_t value) const {
    auto *header = reinterpret_cast<volatile Header *>(bytes_);
    header->answer = value;
    pg_write_barrier();
    header->answered = 1;
}

void do_errand(Datum segment_handle,
               const std::function<std::int64_t(const std::vector<std::string> &)> &work) {
    const TakenErrand errand(segment_handle);
    if (!errand.asked())
        return;
    pg([] {
        SetCurrentStatementStartTimestamp();
        StartTransactionCommand();
        PushActiveSnapshot(GetTransactionSnapshot());
    });
    const std::int64_t answer = work(errand.fields());
    pg([] {
        PopActiveSnapshot();
        CommitTransactionCommand();
    });
    errand.answer(answer);
}

} // namespace turnstone::server
