// Kinds of facts, told as lists of properties: what is captured of an operator, a domain, a policy. From them
// the queries of facts.hpp are made, and the list of all that is modelled.
//
// In all expressions x is the row of the kind's own catalog.
#pragma once

#include <string>
#include <vector>

#include "turnstone/server/facts.hpp"

namespace turnstone::server {

// A property: its value, null where it is the default, and what the server stores for it where a rename of
// something else changes the value (core::Physical::meanings). Both are SQL expressions.
struct Property {
    std::string name;
    std::string value;
    std::string meaning{};
};

using Properties = std::vector<Property>;

// A reference to another object: the name as the value, the OID as the meaning.
Property routine_property(const char *name, const std::string &oid);
Property operator_property(const char *name, const std::string &oid);
Property type_property(const char *name, const std::string &oid, const std::string &typmod = "null");
// To an object of any kind, by its identity.
Property object_property(const char *name, const char *catalog, const std::string &oid);
// To one that has but a name: a language, a foreign server, a tablespace.
Property named_property(const char *name, const char *catalog, const char *column, const std::string &oid);
// What deparses to the value, of a column of type pg_node_tree.
Property tree_property(const char *name, const std::string &value, const std::string &tree);
// true where the condition holds
Property flag(const char *name, const std::string &condition);
// Words for the letters of a column of type "char"; letters not named are the default.
Property letter_property(const char *name, const std::string &column,
                         std::initializer_list<std::pair<char, const char *>> words);
// A map: of a text[] of "name=value", with secrets hidden.
Property options_property(const char *name, const std::string &options);

// The comment and the security labels of an object or, with a number, of a column of one.
Properties remarks(const char *catalog, const std::string &oid, const std::string &number = "0");
// The extensions that the object is dropped with (ALTER ... DEPENDS ON EXTENSION).
Property needed_extensions(const char *catalog, const std::string &oid);
Property privileges(const std::string &acl, const char *kind, const std::string &owner);
Property owner(const std::string &role);

// The value is null in an empty string of options, a zero OID and the like.
std::string meaning_of(const std::string &oid);

// An object that belongs to no other.
struct RootKind {
    const char *kind;
    Oid catalog;
    const char *table;          // the catalog's name
    std::string from{};         // in the FROM clause, behind the catalog: joins
    std::string where = "true"; // which rows
    std::string own_name{};     // "" of the meanings; none where the identity holds no other object's name
    Properties properties{};
    const char *type = "o.type"; // o is what pg_identify_object() says
    const char *identity = "o.identity";
    Oid needed = InvalidOid; // as FactQuery::Form::needed
    bool for_superusers = false;
};

// A part of one.
struct PartKind {
    const char *kind;
    Oid catalog;           // that of the objects
    const char *root_type; // these are expressions
    const char *root_identity;
    const char *root; // OID
    std::string type;
    std::string name;
    std::string number;
    std::string from; // the whole of the FROM clause
    std::string where = "true";
    std::string own_name{};
    Properties properties{};
    const char *part = ""; // as FactQuery::Form::part
    Oid needed = InvalidOid;
};

FactQuery fact_query(const RootKind &kind);
FactQuery fact_query(const PartKind &kind);

// Of a root: only those of its kind's rows that are users' own. In the WHERE clause, the row being x.
std::string is_no_member(const std::string &catalog);

} // namespace turnstone::server
