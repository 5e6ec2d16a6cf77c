// The catalogs read as they are, tuple by tuple: the facts of plain tables, which are nearly all of a schema
// and are told without a query. What is not plain is named here, for the queries of facts.hpp.
#pragma once

#include "turnstone/server/array.hpp"

namespace turnstone::server {

// A relation of the user's, of any kind.
struct ScannedRelation {
    Oid oid;
    Oid owner;
    Oid schema;
    Oid access_method;
    char kind;        // as pg_class.relkind
    bool plain;       // a table without anything out of the common
    bool plain_index; // as an index
    bool plain_sequence;
    bool permanent;
    bool has_options; // in an index, those of an operator class too
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
    bool odd;      // a query has to tell it
    char identity; // as pg_attribute.attidentity
    char storage;
    int32 typmod;
    Oid type;
    Oid collation;
    const char *name;
};

// Of an identity column.
struct ScannedSequence {
    Oid relation;
    int16 number;
    Oid sequence;
};

struct ScannedConstraint {
    Oid oid;
    Oid relation;
    Oid index;
    char type;
    bool clone; // of the parent's
    bool inherited;
    bool validated;
    const char *name;
};

struct ScannedIndex {
    Oid oid;
    Oid table;
    HeapTuple row; // of pg_index
};

// Everything in the server's encoding, in the memory context that was current at the call.
struct ScannedCatalogs {
    Array<ScannedRelation> relations;       // in the order of OIDs
    Array<ScannedDescription> descriptions; // of relations and constraints, in order
    Array<ScannedDefault> defaults;         // in order
    Array<ScannedColumn> columns;           // in order
    Array<ScannedSequence> sequences;       // in order
    Array<ScannedConstraint> constraints;
    Array<ScannedIndex> indexes;
    TupleDesc index_descriptor;    // of their rows
    Array<Oid> internal_relations; // the sequences of identity columns, among others

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

} // namespace turnstone::server
