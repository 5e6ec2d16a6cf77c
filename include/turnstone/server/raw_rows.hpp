// What each row of a catalog says by itself, whatever the other rows say: what it adds to which object's sum,
// and what belongs to what. raw_scan.hpp puts it together. Leaf code.
#pragma once

#include <cstdint>
#include <span>

#include "turnstone/server/array.hpp"
#include "turnstone/server/root_id.hpp"

namespace turnstone::server {

// 16 bytes, since there is about one for each object and page of the catalogs.
struct RawItem {
    enum Kind : std::uint32_t {
        adds,              // hash, to the object's sum
        belongs,           // to owner
        row_type,          // the object, a type, belongs to owner, unless that belongs to it
        is_ignored,        // the object, with what belongs to it
        number,            // of a column, as the hash: what the privilege behind it is about
        present_privilege, // hash of the privileges on what initdb made
        initial_privilege, // those that it had in the beginning
        tablespace,        // the object is a tablespace that a relation names
        calls,             // the event trigger, owner's function
    };

    Kind kind : 4;
    Oid catalog : 28;
    Oid object;
    union {
        std::uint64_t hash;
        RootId owner;
    };
};
static_assert(sizeof(RawItem) == 16);

// Objects in these schemas are left out: temporary ones, and the engine's own.
using HiddenSchemas = Array<Oid>;

// Tells what the rows of a catalog say.
class RowReader {
  public:
    RowReader(Oid catalog, const HiddenSchemas &hidden, Array<RawItem> &items);

    void read(HeapTuple row, TupleDesc descriptor);
    // What comes now stands on another page than what came before.
    void begin_page() { page_begin_ = items_.size; }

  private:
    struct Rule;
    static const Rule rules_[];

    friend std::span<const Oid> catalogs_of_raw_scan();

    void push(RawItem::Kind kind, RootId object, std::uint64_t hash);
    void push(RawItem::Kind kind, RootId object, RootId owner);
    void add(RootId object, HeapTuple row, TupleDesc descriptor, int privilege_column = 0, int32 number = 0);
    void privilege(RawItem::Kind kind, RootId object, int32 number, std::uint64_t hash);
    bool is_hidden(Oid schema);

    void by_rule(HeapTuple row, TupleDesc descriptor);
    void schema(HeapTuple row, TupleDesc descriptor);
    void relation(HeapTuple row, TupleDesc descriptor);
    void index(HeapTuple row, TupleDesc descriptor);
    void type(HeapTuple row, TupleDesc descriptor);
    void range(HeapTuple row, TupleDesc descriptor);
    void column(HeapTuple row, TupleDesc descriptor);
    void constraint(HeapTuple row, TupleDesc descriptor);
    void trigger(HeapTuple row, TupleDesc descriptor);
    void extension(HeapTuple row, TupleDesc descriptor);
    void event_trigger(HeapTuple row, TupleDesc descriptor);
    void default_privileges(HeapTuple row, TupleDesc descriptor);
    void description(HeapTuple row, TupleDesc descriptor);
    void security_label(HeapTuple row, TupleDesc descriptor);
    void initial_privileges(HeapTuple row, TupleDesc descriptor);
    void dependency(HeapTuple row, TupleDesc descriptor);

    Oid catalog_;
    const Rule *rule_;
    const HiddenSchemas &hidden_;
    Array<RawItem> &items_;
    int page_begin_ = 0;
    Oid last_schema_ = InvalidOid;
    bool last_schema_is_hidden_ = false;
};

// Whether (catalog, 0) stands for it: what initdb made, but for the few that are looked at one by one.
bool is_one_of_many(RootId object);

bool is_hidden_schema(const char *name);

// The catalogs of this database that are read, in the order in which what they say counts: the first that is
// said of an object's owner stands.
std::span<const Oid> catalogs_of_raw_scan();

} // namespace turnstone::server
