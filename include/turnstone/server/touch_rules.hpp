// What a utility statement changes, by its parse tree: of the objects that the server has named, which
// property; and what it changes without naming it.
#pragma once

#include <cstddef>

#include "turnstone/server/touched.hpp"

namespace turnstone::server {

// Whether note_statement() has anything to say of it.
bool has_touch_rule(const Node *statement) noexcept;

// To be called before a statement that has a rule.
void prepare_statement(Node *statement, TouchLog &log);

// To be called behind the statement, by which the log has grown from `begin` on.
void note_statement(Node *statement, TouchLog &log, std::size_t begin);

} // namespace turnstone::server
