// Owns the reading of the write-ahead log. Leaf code.
//
// What is read is the log's own record of what was written to pages (access/xlogreader.h), so the rule is
// that of the page gate: a row changes by a record that names its page. Records that change no row are those
// of VACUUM and of hint bits (heapam_xlog.h, heap2_redo() and xlog_redo()); those in place change statistics
// and ages alone (the callers of heap_inplace_update()), which no hash looks at. A catalog gets another file
// by a record of the relation mapper, or by a changed row of pg_class.
#include "turnstone/server/wal_look.hpp"

#include <algorithm>

#include "access/heapam_xlog.h"
#include "access/rmgr.h"
#include "access/xlog_internal.h"
#include "access/xlogreader.h"
#include "catalog/pg_control.h"

namespace turnstone::server {

namespace {

// More takes longer than to look at the pages of a small database's catalogs.
constexpr XLogRecPtr most_to_read = 256 * 1024;

struct File {
    int descriptor; // -1 for none
    XLogSegNo number;
    TimeLineID timeline;
    XLogRecPtr end; // what stands behind it is not on disk
};

void close_file(File &file) {
    if (file.descriptor >= 0)
        CloseTransientFile(file.descriptor);
    file.descriptor = -1;
}

// A segment that is not there any more is no error.
bool open_file(File &file, XLogSegNo number) {
    if (file.descriptor >= 0 && file.number == number)
        return true;
    close_file(file);
    char path[MAXPGPATH];
    XLogFilePath(path, file.timeline, number, wal_segment_size);
    file.descriptor = OpenTransientFile(path, O_RDONLY | PG_BINARY);
    file.number = number;
    return file.descriptor >= 0;
}

int read_page(XLogReaderState *reader, XLogRecPtr page, int wanted, XLogRecPtr, char *buffer) {
    auto &file = *static_cast<File *>(reader->private_data);
    if (page + static_cast<XLogRecPtr>(wanted) > file.end)
        return -1;
    XLogSegNo number = 0;
    XLByteToSeg(page, number, wal_segment_size);
    if (!open_file(file, number))
        return -1;
    const auto length = static_cast<int>(std::min<XLogRecPtr>(XLOG_BLCKSZ, file.end - page));
    const auto offset = static_cast<off_t>(XLogSegmentOffset(page, wal_segment_size));
    return pg_pread(file.descriptor, buffer, static_cast<size_t>(length), offset) == length ? length : -1;
}

void close_segment(XLogReaderState *) {} // read_page() keeps it

bool changes_rows(XLogReaderState *reader) {
    const int operation = XLogRecGetInfo(reader) & ~XLR_INFO_MASK;
    switch (XLogRecGetRmid(reader)) {
    case RM_XLOG_ID:
        return operation != XLOG_FPI_FOR_HINT;
    case RM_HEAP_ID:
        return (operation & XLOG_HEAP_OPMASK) != XLOG_HEAP_LOCK &&
               (operation & XLOG_HEAP_OPMASK) != XLOG_HEAP_INPLACE;
    case RM_HEAP2_ID:
        return (operation & XLOG_HEAP_OPMASK) == XLOG_HEAP2_MULTI_INSERT;
    default:
        return true;
    }
}

bool names_a_page(XLogReaderState *reader, std::span<const Oid> files) {
    for (int block = 0; block <= XLogRecMaxBlockId(reader); ++block) {
        if (!XLogRecHasBlockRef(reader, block))
            continue;
        const compat::WrittenPage page = compat::written_page(reader, block);
        if (page.database == MyDatabaseId && page.fork == MAIN_FORKNUM &&
            std::find(files.begin(), files.end(), page.file) != files.end())
            return true;
    }
    return false;
}

bool is_change(XLogReaderState *reader, std::span<const Oid> files) {
    return XLogRecGetRmid(reader) == RM_RELMAP_ID || (changes_rows(reader) && names_a_page(reader, files));
}

// The next record begins behind the header of a page, the last one may end before it.
bool is_on_disk(XLogRecPtr position, XLogRecPtr flushed) {
    return flushed >= position ||
           (position % XLOG_BLCKSZ <= SizeOfXLogLongPHD && flushed >= position - position % XLOG_BLCKSZ);
}

WalTells read_records(XLogReaderState *reader, XLogRecPtr from, XLogRecPtr end, std::span<const Oid> files) {
    XLogBeginRead(reader, from);
    while (reader->EndRecPtr < end) {
        char *error = nullptr;
        if (XLogReadRecord(reader, &error) == nullptr)
            return WalTells::nothing;
        if (is_change(reader, files))
            return WalTells::change;
    }
    return WalTells::no_change;
}

} // namespace

WalLook wal_since(XLogRecPtr from, TimeLineID timeline, std::span<const Oid> files) {
    if (RecoveryInProgress())
        return {WalTells::nothing, from};
    const XLogRecPtr present = GetXLogInsertRecPtr();
    const XLogRecPtr flushed = GetFlushRecPtr(nullptr);
    if (from >= present)
        return {WalTells::no_change, from};
    if (present - from > most_to_read || !is_on_disk(present, flushed))
        return {WalTells::nothing, from};
    static const XLogReaderRoutine routine{
        .page_read = read_page, .segment_open = nullptr, .segment_close = close_segment};
    File file{-1, 0, timeline, flushed};
    XLogReaderState *reader =
        XLogReaderAllocate(wal_segment_size, nullptr, const_cast<XLogReaderRoutine *>(&routine), &file);
    if (reader == nullptr)
        return {WalTells::nothing, from};
    const WalTells tells = read_records(reader, from, std::min(present, flushed), files);
    XLogReaderFree(reader);
    close_file(file);
    return {tells, present};
}

} // namespace turnstone::server
