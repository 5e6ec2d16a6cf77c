// What each statement of a run touches, noted in memory while the run goes on: the server's own calls of
// object_access_hook, and the statements' parse trees for what those pass over. Costs nothing while no run is
// recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// rebuilt: a relation that the server makes for itself, as an index that it makes anew behind a change of a
// column's type
enum class TouchKind : std::uint8_t { created, rebuilt, altered, dropped };

// A catalog, an object in it and its sub-object, as pg_depend names them.
struct TouchedObject {
    Oid catalog = InvalidOid;
    Oid object = InvalidOid;
    std::int32_t sub = 0;

    friend bool operator==(const TouchedObject &, const TouchedObject &) = default;
};

// What no single object is named for: the privileges of all objects of a role (no catalog), and those of all
// objects of a kind in a schema (the schema's, with one of these in the place of the sub-object).
inline constexpr TouchedObject everything{};
inline constexpr std::int32_t all_tables_in_schema = -1;
inline constexpr std::int32_t all_sequences_in_schema = -2;
inline constexpr std::int32_t all_routines_in_schema = -3;

struct Touch {
    TouchedObject what;
    std::uint32_t script = 0; // index in TouchLog::scripts()
    std::int32_t statement = 0;
    std::uint32_t property = 0; // index in TouchLog::names(), as core::origin has it; 0 where it is not known
    TouchKind kind = TouchKind::altered;

    friend bool operator==(const Touch &, const Touch &) = default;
};

// Something that statements know by its name.
struct NamedObject {
    TouchedObject what;
    Oid relation = InvalidOid; // that it belongs to
    std::string name;
};

// What the server has made anew as it was: what it was before.
struct Succession {
    TouchedObject from;
    TouchedObject to;
    std::size_t at = 0; // number of touches then
};

// The log of one run. While it lives, the statements of this session's run are noted in it.
class TouchLog {
  public:
    // A script that ran, and the row of the journal that says so.
    struct Script {
        std::string name;
        std::int64_t journal_id = 0; // 0 while there is no row
        bool committed = false;      // the row is
    };

    TouchLog();
    TouchLog(const TouchLog &) = delete;
    TouchLog &operator=(const TouchLog &) = delete;
    ~TouchLog();

    [[nodiscard]] const std::vector<Touch> &touches() const noexcept { return touches_; }
    [[nodiscard]] const std::vector<Script> &scripts() const noexcept { return scripts_; }
    [[nodiscard]] const std::vector<std::string> &names() const noexcept { return names_; }

    // The statement of a script that is going to be run. Statements of one script follow each other.
    void begin_statement(const std::string &script, int number);
    // What has been noted of that script since its last row belongs to this one.
    void set_journal_row(const std::string &script, std::int64_t journal_id);

    // The same is noted once a statement, and anew behind this.
    void forget_seen();
    void add(const TouchedObject &what, TouchKind kind, std::string_view property = {});
    // Says in which of its properties an object was altered: of a touch by its index; of all those since
    // `begin`, in that catalog, of which nothing is said yet.
    void explain(std::size_t touch, const std::vector<std::string> &properties);
    void explain_all(std::size_t begin, Oid catalog, const std::vector<std::string> &properties);
    [[nodiscard]] bool is_explained(std::size_t touch) const { return touches_[touch].property != 0; }

    // What a statement may make anew: to be told before it and behind it.
    void set_before_rebuild(std::vector<NamedObject> objects) { before_rebuild_ = std::move(objects); }
    void note_rebuilt(const std::vector<NamedObject> &objects);
    [[nodiscard]] const std::vector<Succession> &successions() const noexcept { return successions_; }

    // What was noted in a transaction that is rolled back, did not happen.
    void on_commit();
    void on_abort();

  private:
    struct Hash {
        std::size_t operator()(const Touch &touch) const noexcept;
    };

    std::uint32_t name(std::string_view property);

    std::vector<Touch> touches_;
    std::size_t committed_ = 0;            // of touches_
    std::unordered_set<Touch, Hash> seen_; // since forget_seen()
    std::vector<NamedObject> before_rebuild_;
    std::vector<Succession> successions_;
    std::vector<Script> scripts_;
    std::int32_t statement_ = 0;
    std::vector<std::string> names_{""};
    std::unordered_map<std::string, std::uint32_t> name_numbers_;
};

// While it lives, what this session does is done by that statement of the run.
class NotingTouches {
  public:
    NotingTouches(const std::string &script, int statement);
    NotingTouches(const NotingTouches &) = delete;
    NotingTouches &operator=(const NotingTouches &) = delete;
    ~NotingTouches();
};

// Behind the journal's row of a script: what has been noted of it belongs to that row. Without a log it does
// nothing.
void touches_belong_to(const std::string &script, std::int64_t journal_id);

// Once a process, when the library is loaded; inside pg().
void install_touch_hooks();

} // namespace turnstone::server
