// The session's settings around a script that runs statement by statement, each in a transaction of its own:
// what it SETs lives from one statement to the next, and ends with the script.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace turnstone::server {

// What was SET in this session, by name; custom settings without a definition are not among them.
std::map<std::string, std::string> settings_of_session();
// Sets one for the session; a null is RESET. What may not be set is a warning.
void set_for_session(const std::string &name, const char *value);

class SessionSettings {
  public:
    // Notes the settings as they are. `names`: those that the script sets by name (custom ones are in no list
    // of the server's).
    explicit SessionSettings(const std::vector<std::string> &names);

    // Puts them back. In a transaction, whose commit makes it last.
    void restore() const;

  private:
    std::map<std::string, std::string> own_;   // set in this session
    std::map<std::string, std::string> named_; // of `names`; those without a value are not in it
    std::vector<std::string> names_;
    std::string role_;
    std::string authorization_;
};

} // namespace turnstone::server
