// Names as the server writes them: quoted where they must be, with their schema before them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

// The name itself: without quotes, doubled ones halved.
std::string unquoted(std::string_view name);

// The two halves of "schema.name": cut at the first dot outside of quotes; no schema where there is none.
struct QualifiedName {
    std::string_view schema;
    std::string_view name; // of a function with its arguments
};
QualifiedName qualified_name(std::string_view identity);

// Without the arguments: what ALTER ... RENAME TO takes.
std::string_view own_name(std::string_view identity);

// The names that stand in a text of SQL (keywords among them), unquoted, without those within strings.
std::vector<std::string> names_in(std::string_view sql);

// Whether that name stands in it.
bool mentions(std::string_view sql, std::string_view unquoted_name);

} // namespace turnstone::core
