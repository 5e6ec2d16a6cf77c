// The scripts of a run, read and parsed before its first statement, and kept until their turn comes: as far
// as they are small together. What is more is read and parsed again, so that memory does not grow with a run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "turnstone/core/script.hpp"

#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"

namespace turnstone::server {

struct PreparedScript {
    core::Script script;
    std::vector<Statement> statements; // of one direction
};

// Reads a registered script and parses one direction of it, in the present memory context; throws as
// registered_script() and parse_section() do.
PreparedScript prepare_script(const std::string &version, const std::string &name, core::Direction direction);

class PreparedScripts {
  public:
    PreparedScripts(); // its memory is below the present context
    PreparedScripts(const PreparedScripts &) = delete;
    PreparedScripts &operator=(const PreparedScripts &) = delete;
    ~PreparedScripts();

    // As prepare_script(). What it returns lives until the next call.
    const PreparedScript &prepare(const std::string &version, const std::string &name,
                                  core::Direction direction);

    // What prepare() has returned for it, or the same made anew in the present memory context.
    PreparedScript take(const std::string &version, const std::string &name, core::Direction direction);

  private:
    Unwinding unwinding_;
    MemoryContext context_;
    MemoryContext passing_; // of the one that is not kept
    PreparedScript not_kept_;
    std::size_t kept_bytes_ = 0;
    std::map<std::pair<std::string, core::Direction>, PreparedScript> kept_;
};

} // namespace turnstone::server
