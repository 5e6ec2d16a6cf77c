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
// only. Before it stands the WITH clause of "user_schema" and "user_relation".
class FactQuery {
  public:
    struct Form {
        Oid catalog;      // that of the objects
        std::string kind; // what it tells of: "domain", "policy"
        std::string text;
        std::string object; // the expression that is the object's OID
        // That which is the part's number or OID as int8, for the few that are also asked for single parts.
        std::string part{};
        Oid needed = InvalidOid; // a catalog: without a row of the users' own in it there is nothing to tell
        bool for_superusers = false; // what it reads others may not
        std::vector<std::string> properties{};
    };
    explicit FactQuery(Form form) : form_(std::move(form)) {}

    [[nodiscard]] Oid catalog() const { return form_.catalog; }
    [[nodiscard]] const std::string &kind() const { return form_.kind; }
    [[nodiscard]] const std::vector<std::string> &properties() const { return form_.properties; }
    Rows of_all();
    Rows of_objects(const std::vector<std::string> &oids);
    // Parts of a kind that have an OID of their own; columns as OID of the table * 65536 + number.
    // And the OIDs of the objects that they are parts of.
    Rows of_parts(const std::vector<std::string> &objects, const std::vector<std::string> &numbers);

  private:
    struct Prepared {
        std::string text;
        Query query{};
    };
    [[nodiscard]] bool is_for_others() const;

    Form form_;
    Prepared all_;
    Prepared objects_;
    Prepared parts_;
};

extern const char *const user_objects; // the WITH clause

std::span<FactQuery> facts_of_relations(); // with all their parts
std::span<FactQuery> facts_of_routines();
std::span<FactQuery> facts_of_types();
std::span<FactQuery> facts_of_operators(); // their classes and families, access methods, casts
std::span<FactQuery>
facts_of_languages();                  // procedural ones, transforms, collations, conversions, text search
std::span<FactQuery> facts_of_links(); // foreign data, publications and subscriptions
std::span<FactQuery> facts_of_extensions();
std::span<FactQuery> facts_of_database(); // schemas, what is set for the database, default privileges, roles

// All of them.
std::vector<FactQuery *> fact_queries();

// Of the relations' facts, those that are also told by the short way of plain_facts.hpp.
FactQuery &relations_query();
FactQuery &columns_query();
FactQuery &constraints_query();
FactQuery &indexes_query();

} // namespace turnstone::server
