// COPY ... FROM STDIN whose data stand in the script behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// The data of one statement, on their way into the table. While it lives, COPY reads from it.
class CopyFeed {
  public:
    explicit CopyFeed(std::string_view data);
    CopyFeed(const CopyFeed &) = delete;
    CopyFeed &operator=(const CopyFeed &) = delete;
    ~CopyFeed();

    // What DoCopy() does (commands/copy.c), with these data. A leaf. Returns the rows.
    std::uint64_t run(const CopyStmt *statement, const char *source);

    // Where in the data the line begins that COPY was at when the latest message came up; npos where it was
    // at none.
    [[nodiscard]] std::size_t offset_of_message() const;

  private:
    static int give(void *buffer, int least, int most);
    static void note_line(void *feed);

    CopyFeed *outer_; // of a statement that fires a trigger which runs this one
    std::string_view data_;
    std::size_t given_ = 0;
    CopyFromState state_ = nullptr;
    std::uint64_t line_ = 0; // from 1; 0 for none
};

// Why such a statement cannot run with data of a script, and what to do; null for nothing.
struct CopyObstacle {
    const char *message = nullptr;
    const char *hint = nullptr;
};
CopyObstacle copy_obstacle(const CopyStmt *statement);

} // namespace turnstone::server
