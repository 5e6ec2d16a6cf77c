// Owns what the rows of the catalogs say, page by page, for as long as the session lives. Leaf code.
//
// A page that has not been written to since a gate's start says what it said to the snapshot that was taken
// behind it: those who had an xid by then had ended when it was taken, and the others write behind the start.
#include "turnstone/server/raw_pages.hpp"

#include <algorithm>

#include "turnstone/server/catalog_rows.hpp"

namespace turnstone::server {

namespace {

struct Known {
    bool exists;
    XLogRecPtr position;
    TimeLineID timeline;
    MemoryContext memory; // of hidden
    HiddenSchemas hidden;
    std::array<PagedItems, most_catalogs> catalogs;
};
Known known{};
std::int64_t pages_read_so_far = 0;

// In order, to be compared.
HiddenSchemas hidden_schemas(Snapshot snapshot) {
    HiddenSchemas hidden{};
    each_row(NamespaceRelationId, snapshot, [&](HeapTuple row, TupleDesc) {
        const auto *schema = reinterpret_cast<Form_pg_namespace>(GETSTRUCT(row));
        if (is_hidden_schema(NameStr(schema->nspname)))
            hidden.push(schema->oid);
    });
    std::sort(hidden.begin(), hidden.end());
    return hidden;
}

template <class Element>
void drop_room(Array<Element> &array) {
    if (array.size == 0 || array.size == array.room)
        return;
    array.items =
        static_cast<Element *>(repalloc_huge(array.items, sizeof(Element) * static_cast<Size>(array.size)));
    array.room = array.size;
}

BlockNumber pages_of(const PagedItems &paged) {
    return paged.begins.size == 0 ? 0 : static_cast<BlockNumber>(paged.begins.size - 1);
}

// Puts what is said of a catalog together, page behind page.
class Writer {
  public:
    Writer(Relation relation, Snapshot snapshot, const HiddenSchemas &hidden, PagedItems &paged)
        : relation_(relation), snapshot_(snapshot), paged_(paged),
          reader_(RelationGetRelid(relation), hidden, paged.items) {}

    void copy(const PagedItems &from, BlockNumber first, BlockNumber end) {
        for (BlockNumber block = first; block < end; ++block) {
            begin_pages_to(block);
            for (std::uint32_t i = from.begins.items[block]; i < from.begins.items[block + 1]; ++i)
                paged_.items.push(from.items.items[i]);
        }
    }
    void read(BlockNumber first, BlockNumber end) {
        pages_read_so_far += end - first;
        each_row_of_pages(relation_, snapshot_, first, end, [&](HeapTuple row, TupleDesc descriptor) {
            begin_pages_to(ItemPointerGetBlockNumber(&row->t_self));
            reader_.read(row, descriptor);
        });
    }
    void end(BlockNumber pages) {
        begin_pages_to(pages);
        drop_room(paged_.items);
        drop_room(paged_.begins);
    }

  private:
    // A page without rows begins where the next one does.
    void begin_pages_to(BlockNumber block) {
        if (paged_.begins.size > static_cast<int>(block))
            return;
        while (paged_.begins.size <= static_cast<int>(block))
            paged_.begins.push(static_cast<std::uint32_t>(paged_.items.size));
        reader_.begin_page();
    }

    Relation relation_;
    Snapshot snapshot_;
    PagedItems &paged_;
    RowReader reader_;
};

} // namespace

RawPages::RawPages(const GatedSnapshot &at) : at_(at), hidden_(hidden_schemas(at.snapshot)) {
    const bool good = known.exists && known.timeline == at.start.timeline &&
                      known.position <= at.start.position &&
                      std::equal(hidden_.begin(), hidden_.end(), known.hidden.begin(), known.hidden.end());
    if (!good)
        forget();
}

const Array<RawItem> &RawPages::items_of(std::size_t catalog) {
    CHECK_FOR_INTERRUPTS();
    const PagedItems &old = known.catalogs[catalog];
    PagedItems &found = found_[catalog];
    Relation relation = table_open(catalogs_of_raw_scan()[catalog], AccessShareLock);
    const Oid file = compat::file_of(relation);
    const BlockNumber pages = RelationGetNumberOfBlocks(relation);
    const BlockNumber comparable = old.memory != nullptr && old.file == file ? Min(pages, pages_of(old)) : 0;
    Array<BlockNumber> newer{};
    each_newer_page(relation, comparable, known.position, [&](BlockNumber page) {
        newer.push(page);
        return true;
    });
    if (old.memory == nullptr || newer.size > 0 || pages != pages_of(old) || old.file != file) {
        found.memory =
            AllocSetContextCreate(CurrentMemoryContext, "turnstone catalog pages", ALLOCSET_SMALL_SIZES);
        found.file = file;
        MemoryContext outer = MemoryContextSwitchTo(found.memory);
        Writer writer(relation, at_.snapshot, hidden_, found);
        BlockNumber next = 0;
        for (int i = 0; i < newer.size;) {
            int run = i + 1;
            while (run < newer.size && newer.items[run] == newer.items[run - 1] + 1)
                ++run;
            writer.copy(old, next, newer.items[i]);
            next = newer.items[run - 1] + 1;
            writer.read(newer.items[i], next);
            i = run;
        }
        writer.copy(old, next, comparable);
        writer.read(comparable, pages);
        writer.end(pages);
        MemoryContextSwitchTo(outer);
    }
    table_close(relation, AccessShareLock);
    return found.memory != nullptr ? found.items : old.items;
}

void RawPages::keep() {
    if (!at_.is_settled)
        return;
    for (std::size_t i = 0; i < found_.size(); ++i) {
        if (found_[i].memory == nullptr)
            continue;
        if (known.catalogs[i].memory != nullptr)
            MemoryContextDelete(known.catalogs[i].memory);
        MemoryContextSetParent(found_[i].memory, TopMemoryContext);
        known.catalogs[i] = found_[i];
    }
    if (known.memory == nullptr)
        known.memory =
            AllocSetContextCreate(TopMemoryContext, "turnstone hidden schemas", ALLOCSET_SMALL_SIZES);
    MemoryContextReset(known.memory);
    MemoryContext outer = MemoryContextSwitchTo(known.memory);
    known.hidden = {};
    for (const Oid schema : hidden_)
        known.hidden.push(schema);
    MemoryContextSwitchTo(outer);
    known.position = at_.start.position;
    known.timeline = at_.start.timeline;
    known.exists = true;
}

std::int64_t RawPages::pages_read() {
    return pages_read_so_far;
}

void RawPages::forget() {
    known.exists = false;
    for (PagedItems &catalog : known.catalogs) {
        if (catalog.memory != nullptr)
            MemoryContextDelete(catalog.memory);
        catalog = {};
    }
}

} // namespace turnstone::server
