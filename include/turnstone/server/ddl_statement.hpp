// The text of a statement that is being executed, as whoever wrote it wrote it.
#pragma once

#include <string>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// In an event trigger: the statement that it fires for, cut out of what was sent, or of the function, DO
// block or EXECUTE that it stands in; where it cannot be told which of several it is, all of them. Secrets
// are masked.
std::string text_of_statement(const EventTriggerData &data);

// The part of a text from `location` on, without blanks and comments around it; length 0 for all that
// follows. Secrets are masked.
std::string slice_of_text(const std::string &text, int location, int length);

} // namespace turnstone::server
