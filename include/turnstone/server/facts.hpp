// The queries that say what is captured of a schema, by kinds of objects.
//
// A query gives a row for each object, and for each part of one:
//   1 the object's type, 2 its identity, 3 its OID,
//   4 the part's type, 5 its own name, 6 its number; null where the row is about the object itself,
//   7 the properties, as a JSON object in text: what has its default value is null, and left out,
//   8 the meanings (core::Physical::meanings) in the same form; null for none.
// Texts are fully qualified, because the queries run with search_path = pg_catalog.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

// One of the queries. Its text ends within a WHERE clause, to which a condition is added for some objects
// only. Before it stands the WITH clause of "member" (what belongs to an extension), "user_schema" and
// "user_relation".
class FactQuery {
  public:
    // object: the expression that is the object's OID; part: that which is the part's number or OID as int8,
    // for the few that are also asked for single parts.
    FactQuery(Oid catalog, const char *text, const char *object, const char *part = nullptr)
        : catalog_(catalog), text_(text), object_(object), part_(part) {}

    [[nodiscard]] Oid catalog() const { return catalog_; } // that of the objects
    Rows of_all();
    Rows of_objects(const std::vector<std::string> &oids);
    // Parts of a kind that have an OID of their own; columns as OID of the table * 65536 + number.
    Rows of_parts(const std::vector<std::string> &numbers);

  private:
    struct Form {
        std::string text;
        Query query{};
    };
    Rows run_form(Form &form, const char *expression, const char *type,
                  const std::vector<std::string> &numbers);

    Oid catalog_;
    const char *text_;
    const char *object_;
    const char *part_;
    Form all_;
    Form objects_;
    Form parts_;
};

extern const char *const user_objects; // the WITH clause

std::span<FactQuery> facts_of_schemas();
std::span<FactQuery> facts_of_relations(); // with all their parts
std::span<FactQuery> facts_of_routines();
std::span<FactQuery> facts_of_types();

// All of them.
std::vector<FactQuery *> fact_queries();

// Of the relations' facts, those that are also told by the short way of plain_facts.hpp.
FactQuery &relations_query();
FactQuery &columns_query();
FactQuery &constraints_query();
FactQuery &indexes_query();

} // namespace turnstone::server
