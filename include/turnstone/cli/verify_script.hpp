// A verify script of Sqitch: its statements, to be run in a transaction that is rolled back whatever happens.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace turnstone::cli {

struct VerifyStep {
    enum class Kind {
        statement,
        begin,    // of a transaction of the script's own
        rollback, // the end of one
    };
    Kind kind = Kind::statement;
    std::size_t begin = 0; // in the script
    std::size_t end = 0;
};

// What would leave something behind, or means something to psql alone.
class VerifyRefused : public std::runtime_error {
  public:
    VerifyRefused(std::size_t offset, const std::string &message, std::string hint)
        : std::runtime_error(message), offset_(offset), hint_(std::move(hint)) {}
    [[nodiscard]] std::size_t offset() const noexcept { return offset_; }
    [[nodiscard]] const std::string &hint() const noexcept { return hint_; }

  private:
    std::size_t offset_;
    std::string hint_;
};

// Throws VerifyRefused before anything has run: for psql's meta-commands, for COPY with data of the client,
// and for a COMMIT that is not the script's end. One at the end is left out.
std::vector<VerifyStep> read_verify_script(std::string_view text, bool standard_conforming_strings);

} // namespace turnstone::cli
