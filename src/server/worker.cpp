// Owns the way to a background worker and back, through a segment of shared memory.
#include "turnstone/server/worker.hpp"

#include <cstring>

namespace turnstone::server {

namespace {

constexpr int longest_wait_ms = 5000;
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

bool wait_for(BackgroundWorkerHandle *handle) {
    for (int waited = 0; waited < longest_wait_ms; waited += wait_step_ms) {
        pid_t pid = 0;
        if (GetBackgroundWorkerPid(handle, &pid) == BGWH_STOPPED)
            return true;
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, wait_step_ms,
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
    }
    return false;
}

} // namespace

ErrandEnd send_worker(const Errand &errand) {
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
        end.ended = end.started && wait_for(handle);
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

void do_errand(Datum segment_handle,
               const std::function<std::int64_t(const std::vector<std::string> &)> &work) {
    char *bytes = pg([&]() -> char * {
        dsm_segment *segment = dsm_attach(DatumGetUInt32(segment_handle));
        if (segment == nullptr)
            return nullptr;       // whoever asked has gone
        dsm_pin_mapping(segment); // until the worker ends, across its transactions
        auto *address = static_cast<char *>(dsm_segment_address(segment));
        Header header;
        memcpy(&header, address, sizeof header);
        BackgroundWorkerInitializeConnectionByOid(header.database, header.user, 0);
        return address;
    });
    if (bytes == nullptr)
        return;
    const std::vector<std::string> fields = unpacked(bytes);
    pg([] {
        SetCurrentStatementStartTimestamp();
        StartTransactionCommand();
        PushActiveSnapshot(GetTransactionSnapshot());
    });
    const std::int64_t answer = work(fields);
    pg([&] {
        PopActiveSnapshot();
        CommitTransactionCommand();
        Header header;
        memcpy(&header, bytes, sizeof header);
        header.answer = answer;
        header.answered = 1;
        memcpy(bytes, &header, sizeof header);
    });
}

} // namespace turnstone::server
