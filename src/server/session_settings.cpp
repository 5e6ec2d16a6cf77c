// Owns the memory of a session's settings.
#include "turnstone/server/session_settings.hpp"

#include "turnstone/server/guard.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

std::map<std::string, std::string> settings_of_session() {
    // Read outside of run()'s pins: what those set would be listed too.
    struct Listed {
        char **cells;
        int count;
    };
    const Listed listed = pg([] {
        Listed found{nullptr, 0};
        int all = 0;
        config_generic **variables = compat::settings_of_server(&all);
        found.cells = static_cast<char **>(palloc(sizeof(char *) * 2 * static_cast<std::size_t>(all + 1)));
        for (int i = 0; i < all; ++i) {
            const config_generic *variable = variables[i];
            if (variable->source != PGC_S_SESSION || (variable->flags & GUC_NO_SHOW_ALL) != 0 ||
                (variable->context != PGC_USERSET && variable->context != PGC_SUSET))
                continue;
            const char *value = GetConfigOption(variable->name, true, false);
            if (value == nullptr)
                continue;
            found.cells[2 * found.count] = pstrdup(variable->name);
            found.cells[2 * found.count + 1] = pstrdup(value);
            ++found.count;
        }
        return found;
    });
    std::map<std::string, std::string> settings;
    for (int i = 0; i < listed.count; ++i)
        settings.emplace(listed.cells[2 * i], listed.cells[2 * i + 1]);
    return settings;
}

void set_for_session(const std::string &name, const char *value) {
    pg([&] {
        (void)set_config_option(name.c_str(), value, superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
                                GUC_ACTION_SET, true, WARNING, false);
    });
}

namespace {

std::string current(const char *name) {
    const char *value = pg([&] { return GetConfigOption(name, true, false); });
    return value == nullptr ? std::string{} : std::string(value);
}

} // namespace

SessionSettings::SessionSettings(const std::vector<std::string> &names)
    : own_(settings_of_session()), names_(names), role_(current("role")),
      authorization_(current("session_authorization")) {
    for (const std::string &name : names) {
        const char *value = pg([&] { return GetConfigOption(name.c_str(), true, false); });
        if (value != nullptr)
            named_.emplace(name, value);
    }
}

void SessionSettings::restore() const {
    if (current("session_authorization") != authorization_)
        set_for_session("session_authorization", authorization_.c_str());
    if (current("role") != role_)
        set_for_session("role", role_.c_str());
    for (const auto &[name, value] : settings_of_session()) {
        const auto before = own_.find(name);
        if (before == own_.end())
            set_for_session(name, nullptr);
        else if (before->second != value)
            set_for_session(name, before->second.c_str());
    }
    for (const auto &[name, value] : own_) { // those that the script has RESET
        if (current(name.c_str()) != value)
            set_for_session(name, value.c_str());
    }
    for (const std::string &name : names_) {
        if (name.find('.') == std::string::npos)
            continue;
        const auto before = named_.find(name);
        if (current(name.c_str()) != (before == named_.end() ? std::string{} : before->second))
            set_for_session(name, before == named_.end() ? nullptr : before->second.c_str());
    }
}

} // namespace turnstone::server
