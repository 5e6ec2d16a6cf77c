// A database with the extension in it.
#pragma once

#include <string>

#include "turnstone/cli/connection.hpp"

namespace turnstone::cli {

class Server {
  public:
    // Throws Failure(no_extension) where it is not there.
    explicit Server(const Address &address);

    [[nodiscard]] Connection &connection() { return connection_; }
    // Qualified, whatever search_path says: function("migrate_apply").
    [[nodiscard]] std::string function(const char *name) const;
    // SELECT * FROM function(arguments), where the arguments are SQL.
    Result select(const char *function_name, const char *arguments = "", const Parameters &parameters = {});

    [[nodiscard]] const Address &address() const { return address_; }
    [[nodiscard]] const std::string &database() const { return database_; }
    [[nodiscard]] const std::string &extension_version() const { return extension_version_; }
    // The server process; behind a pooler the one of the moment.
    [[nodiscard]] int backend() const { return backend_; }
    // Between the client and the server there is a pooler: the process id that it gave is not the server's.
    [[nodiscard]] bool is_pooled() const { return pooled_; }

  private:
    Address address_;
    Connection connection_;
    std::string schema_; // quoted
    std::string extension_version_;
    std::string database_;
    int backend_ = 0;
    bool pooled_ = false;
};

} // namespace turnstone::cli
