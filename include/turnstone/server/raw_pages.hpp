// What the rows of the catalogs say, page by page, kept by the session: a later look reads only those pages
// again that were written to since. Leaf code.
#pragma once

#include "turnstone/server/catalog_gate.hpp"
#include "turnstone/server/raw_rows.hpp"

namespace turnstone::server {

// Of one catalog.
struct PagedItems {
    MemoryContext memory; // that all of it lives in
    Oid file;
    Array<RawItem> items;
    Array<std::uint32_t> begins; // of each page among the items, and their end
};

// What a look says of one catalog after another, each asked for once.
class RawPages {
  public:
    explicit RawPages(const GatedSnapshot &at);

    // By its place in catalogs_of_raw_scan(). Good until keep().
    const Array<RawItem> &items_of(std::size_t catalog);
    // Behind the last catalog: for the looks to come, where the snapshot allows it.
    void keep();

    // Has the next look read everything.
    static void forget();
    // How many pages this session has read; for tests.
    static std::int64_t pages_read();

  private:
    const GatedSnapshot &at_;
    HiddenSchemas hidden_;
    std::array<PagedItems, most_catalogs> found_{}; // those that had to be read
};

} // namespace turnstone::server
