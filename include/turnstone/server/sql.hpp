// The engine's own SQL: how it is run. Every query runs under pinned settings (search_path is pg_catalog
// alone) and with a fresh snapshot in every isolation level; results arrive as C++ strings.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// Pins, for as long as the level lives, the settings that change what catalogs and values look like as text:
// search_path, DateStyle, IntervalStyle and the others that drift.md lists. To be called inside pg(); undone
// by AtEOXact_GUC(true, level).
int pin_settings();

// Whose rights the engine's own queries have: the owner of its schema. To be called inside pg().
Oid engine_owner();

// A value given to a query, or to a row of a result. Points to what the caller keeps alive.
class Value {
  public:
    enum class Kind { text, integer, boolean, binary, text_array };

    Value(std::string_view text) : kind_(Kind::text), view_(text) {}
    Value(const std::string &text) : kind_(Kind::text), view_(text) {}
    Value(const char *text) : kind_(Kind::text), view_(text) {}
    Value(std::int64_t number) : kind_(Kind::integer), number_(number) {}
    Value(int number) : kind_(Kind::integer), number_(number) {}
    Value(bool truth) : kind_(Kind::boolean), number_(truth ? 1 : 0) {}
    Value(std::nullopt_t) : kind_(Kind::text), null_(true) {}
    Value(const std::optional<std::string> &text)
        : kind_(Kind::text), null_(!text), view_(text ? std::string_view(*text) : std::string_view{}) {}
    Value(const std::vector<std::string> &texts)
        : kind_(Kind::text_array), array_(texts.data()), number_(static_cast<std::int64_t>(texts.size())) {}

    static Value binary(std::string_view bytes) {
        Value value(bytes);
        value.kind_ = Kind::binary;
        return value;
    }
    // Null for no bytes; a null has its type all the same, since a query is planned with the types of its
    // first call.
    static Value binary_or_null(std::string_view bytes) {
        Value value = binary(bytes);
        value.null_ = bytes.empty();
        return value;
    }
    // Null for an empty text.
    static Value or_null(const std::string &text) { return text.empty() ? Value(std::nullopt) : Value(text); }

    [[nodiscard]] Oid type() const noexcept;
    [[nodiscard]] bool is_null() const noexcept { return null_; }
    // Allocates; to be called inside pg().
    [[nodiscard]] Datum datum() const;
    // The value as the text that a type's input function reads (not for binary); allocates, inside pg().
    [[nodiscard]] char *c_string() const;

  private:
    Kind kind_;
    bool null_ = false;
    std::string_view view_;
    const std::string *array_ = nullptr;
    std::int64_t number_ = 0;
};

// A query of the engine: made once as a static object. Its plan is kept from its second run in a session on:
// most are run once, and the server looks through all plans that are kept at each message of the catalog's
// caches, of which a new table makes some fifty: those of a hundred queries would cost a run of new tables a
// tenth of its time.
struct Query {
    const char *text;
    const char *prelude = ""; // stands before the text: a WITH clause that several queries share
    // Planned anew for the values of each call: worth it where they are long lists.
    bool planned_for_values = false;
    bool was_run = false;
    SPIPlanPtr plan = nullptr;
};

enum class Rights {
    engine, // those of the extension's owner: for the engine's own tables, which users need no rights on
    caller,
};

enum class Freshness {
    latest,      // sees all that is committed now, and this transaction's own changes
    transaction, // sees what the transaction's snapshot sees: in REPEATABLE READ, what was committed when it
                 // began
};

// Values of a result, row by row. NULL is nullopt; bytea arrives as its bytes.
class Rows {
  public:
    Rows(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns) {
        cells_.reserve(rows * columns);
    }

    void push(std::optional<std::string> cell) { cells_.push_back(std::move(cell)); }
    [[nodiscard]] std::size_t size() const noexcept { return rows_; }
    [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }
    [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const { return !cell(row, column); }
    // NULL as an empty text, as 0 and as false.
    [[nodiscard]] const std::string &text(std::size_t row, std::size_t column) const;
    [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const;
    [[nodiscard]] bool boolean(std::size_t row, std::size_t column) const { return text(row, column) == "t"; }
    [[nodiscard]] const std::optional<std::string> &cell(std::size_t row, std::size_t column) const {
        return cells_.at(row * columns_ + column);
    }

  private:
    std::size_t rows_;
    std::size_t columns_;
    std::vector<std::optional<std::string>> cells_;
    std::string none_;
};

Rows run(Query &query, std::initializer_list<Value> values = {}, Rights rights = Rights::engine,
         Freshness freshness = Freshness::latest);

// The rows that an SQL function returns (materialize mode). Values are read by the input functions of the
// columns' types.
class ResultRows {
  public:
    explicit ResultRows(FunctionCallInfo call);
    void put(std::initializer_list<Value> values);

  private:
    ReturnSetInfo *result_;
    AttInMetadata *input_;
    bool depends_on_settings_; // what the input functions of the columns make of a text
};

// Arguments of SQL functions.
// The bytes of a text or bytea argument that is not null.
std::string bytes_argument(FunctionCallInfo fcinfo, int number);
std::optional<std::string> optional_text_argument(FunctionCallInfo fcinfo, int number);
// Null as no text at all; nulls in it are left out.
std::vector<std::string> text_array_argument(FunctionCallInfo fcinfo, int number);
// An interval that is not null, as a query of the engine reads it.
std::string interval_argument(FunctionCallInfo fcinfo, int number);

// The search_path that a script of this session begins with.
std::string run_search_path();

// The schemas of the session's search_path that are there, in its order.
std::vector<std::string> searched_schemas();

// The role whose rights the caller has at the moment.
std::string current_role();

} // namespace turnstone::server
