// The catalogs read as they are, tuple by tuple: a fingerprint of all that a capture of the schema depends
// on, and the facts of plain tables, which are nearly all of a schema and are told without a query. What is
// not plain is named here, for the queries of catalog.cpp.
#pragma once

#include <cstdint>

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
    Oid schema;
    Oid access_method;
    char kind;        // as pg_class.relkind
    bool plain;       // a table without anything out of the common
    bool plain_index; // as an index
    const char *name;
    const char *identity; // nullptr for a part of a partitioned index
};

struct ScannedDescription {
    Oid catalog;
    Oid object;
    int32 number;
    const char *text;
};

struct ScannedDefault {
    Oid relation;
    int16 number;
    Datum tree;
};

struct ScannedColumn {
    Oid relation;
    int16 number;
    bool not_null;
    bool inherited;
    bool odd; // a query has to tell it
    char storage;
    int32 typmod;
    Oid type;
    Oid collation;
    const char *name;
};

struct ScannedConstraint {
    Oid oid;
    Oid relation;
    Oid index;
    char type;
    bool clone; // of the parent's
    bool inherited;
    const char *name;
};

struct ScannedIndex {
    Oid oid;
    Oid table;
    bool odd;
};

// Everything in the server's encoding, in the memory context that was current at the call.
struct ScannedCatalogs {
    std::uint64_t fingerprint;
    Array<ScannedRelation> relations;       // in the order of OIDs
    Array<ScannedDescription> descriptions; // of relations and constraints, in order
    Array<ScannedDefault> defaults;         // in order
    Array<ScannedColumn> columns;           // in order
    Array<ScannedConstraint> constraints;
    Array<ScannedIndex> indexes;
    Array<Oid> internal_relations; // the sequences of identity columns, among others
    bool any_trigger;              // of a user's, as a hint: extensions' may be among them
    bool any_function;
    bool any_enum;

    // nullptr for what is none of the user's.
    [[nodiscard]] ScannedRelation *relation(Oid oid) const;
};

// Whether the columns of such a relation are objects.
inline bool has_columns(char kind) {
    return kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE || kind == RELKIND_FOREIGN_TABLE;
}

// Whether such a relation is one by itself.
inline bool is_object(char kind) {
    return has_columns(kind) || kind == RELKIND_VIEW || kind == RELKIND_MATVIEW || kind == RELKIND_SEQUENCE;
}

// A leaf, to be called inside pg().
ScannedCatalogs scan_catalogs();

// Its fingerprint alone. Equal ones: no object that a capture tells, and no name that occurs in its texts,
// has changed in between. It holds within one database and one major version. What VACUUM, ANALYZE, REINDEX
// and temporary objects write is left out.
std::uint64_t catalog_fingerprint();

} // namespace turnstone::server
