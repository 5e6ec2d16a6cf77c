// The catalogs read as they are, tuple by tuple: a fingerprint of all that a capture of the schema depends
// on, and the facts of plain tables, which are nearly all of a schema and are told without a query. What is
// not plain is named here, for the queries of catalog.cpp.
#pragma once

#include <cstdint>
#include <utility>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// An array in the memory context of the scan.
template <class Element>
struct Array {
    Element *items;
    int size;
    int room;

    void push(const Element &element) {
        if (size == room) {
            const Size bytes = sizeof(Element) * static_cast<Size>(room == 0 ? 64 : 2 * room);
            items = static_cast<Element *>(room == 0 ? palloc_extended(bytes, MCXT_ALLOC_HUGE)
                                                     : repalloc_huge(items, bytes));
            room = room == 0 ? 64 : 2 * room;
        }
        items[size++] = element;
    }
    [[nodiscard]] Element *begin() const { return items; }
    [[nodiscard]] Element *end() const { return items + size; }
};

// A relation of the user's, of any kind.
struct ScannedRelation {
    Oid oid;
    Oid owner;
    Oid access_method;
    char kind; // as pg_class.relkind
    bool plain;
    bool plain_index;
    const char *identity;
    const char *comment;    // nullptr for none
    const char *properties; // of a plain table, as JSON; nullptr where a query has to tell them
};

// A plain column, constraint or index, with its properties as JSON.
struct ScannedPart {
    const ScannedRelation *table;
    const char *type;
    const char *identity;
    const char *properties;
};

struct ColumnKey {
    Oid table;
    int16 number;
};

// Everything in the server's encoding, in the memory context that was current at the call.
struct ScannedCatalogs {
    std::uint64_t fingerprint;
    Array<ScannedRelation> relations; // in the order of OIDs
    Array<ScannedPart> parts;
    Array<Oid> odd_relations; // what is not plain: a query has to tell it
    Array<ColumnKey> odd_columns;
    Array<Oid> odd_constraints;
    Array<Oid> odd_indexes;
    bool any_trigger; // a query has to tell them all
    bool any_function;
    bool any_enum;
};

// A leaf, to be called inside pg() with pinned settings and all of the transaction's changes visible.
ScannedCatalogs scan_catalogs();

// Its fingerprint alone. Equal ones: no object that a capture tells, and no name that occurs in its texts,
// has changed in between. It holds within one database and one major version. What VACUUM, ANALYZE, REINDEX
// and temporary objects write is left out.
std::uint64_t catalog_fingerprint();

} // namespace turnstone::server
