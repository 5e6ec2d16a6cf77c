// One look at all catalogs that say what the schema is: a hash for each root object with all that belongs to
// it. Leaf code, to be called inside pg().
#pragma once

#include "turnstone/server/array.hpp"
#include "turnstone/server/catalog_gate.hpp"
#include "turnstone/server/object_sums.hpp"

namespace turnstone::server {

struct RawEntry {
    RootId root;
    std::uint64_t hash; // never 0
};

struct RawScan {
    Array<RawEntry> entries; // in the order of roots
    std::uint64_t shared;    // the sum of what the shared catalogs say of this database
};

// What belongs to what:
//   to a relation: its columns, defaults, constraints, indexes, triggers, rules, policies, row type, place in
//   an inheritance, partition key, the sequences of its identity columns; to the table that references: the
//   triggers of a foreign key; to a type: labels, constraints of a domain, attributes, array and multirange
//   types; operators and functions of access methods to their family, mappings to the text search
//   configuration, relations and schemas to the publication, an aggregate's row to its function;
//   to whatever they are about: comments, security labels, initial privileges, and the dependencies that say
//   what belongs to what; members of an extension to the extension; default privileges and the settings,
//   comments and labels of the database to (pg_database, the database); a role or tablespace that something
//   names is a root with its name alone.
// Objects that initdb made are no roots: all of a catalog are one, (catalog, 0). But where the privileges on
// one differ from those that initdb gave it, these are a root (catalog, object) of their own, and no part of
// the sum.
// Left out: temporary objects, toast tables but for their options, the schema and the extension turnstone
// with its members, event triggers that call one, and what the rows hold in passing (tuple_hash.hpp).
RawScan scan_raw(const GatedSnapshot &at);

} // namespace turnstone::server
