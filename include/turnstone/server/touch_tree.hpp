// What the rules of touch_rules.hpp read parse trees with. Names are looked up behind the statement, under
// the search_path that it ran with, and without a lock: GRANT takes none either.
#pragma once

#include <string>
#include <vector>

#include "turnstone/server/touched.hpp"

namespace turnstone::server {

using Names = std::vector<std::string>;

template <class Item>
std::vector<const Item *> items(const List *list) {
    std::vector<const Item *> found;
    found.reserve(static_cast<std::size_t>(list_length(list)));
    for (int i = 0; i < list_length(list); ++i)
        found.push_back(static_cast<const Item *>(list_nth(list, i)));
    return found;
}

Oid relation_named(const RangeVar *name); // none where there is no such one
std::string quoted(const char *name);

// The properties (as keys of core::Origins) that options are: each by itself, and as keys of a map.
Names properties_of(const List *options);
Names options_of(const char *property, const List *options);

void add_properties(TouchLog &log, const TouchedObject &what, const Names &properties);

// The rules that have a file of their own.
void note_alter_table(const AlterTableStmt &statement, TouchLog &log, std::size_t begin);
void prepare_alter_table(const AlterTableStmt &statement, TouchLog &log);
void note_grant(const GrantStmt &statement, TouchLog &log);
void note_default_privileges(const AlterDefaultPrivilegesStmt &statement, TouchLog &log, std::size_t begin);
void note_dropped_privileges(const DropOwnedStmt &statement, TouchLog &log);

} // namespace turnstone::server
