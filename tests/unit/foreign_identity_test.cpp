#include "turnstone/core/foreign_identity.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

constexpr const char *file = "CREATE TABLE t(id int);\n";

TEST(Digest, KnownValues) {
    EXPECT_EQ(sha1_hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(sha1_hex(std::string(64, 'a')), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
    EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("\xff\xfe"), "//4=");
}

// Whichever this machine uses, both are the same function.
TEST(Digest, InstructionsOfTheProcessorDoTheSame) {
    if (!has_sha256_instructions())
        GTEST_SKIP() << "this processor has no instructions for SHA-256";
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += static_cast<char>(i * 7 + i / 3);
    using State = std::array<std::uint32_t, 8>;
    BlockDigest<8, compress_sha256_portably> portable(State{1, 2, 3, 4, 5, 6, 7, 8});
    BlockDigest<8, compress_sha256> usual(State{1, 2, 3, 4, 5, 6, 7, 8});
    for (std::size_t length = 0; length < 140; ++length) {
        portable.add(std::string_view(text).substr(length, length));
        usual.add(std::string_view(text).substr(length, length));
        EXPECT_EQ(portable.bytes(), usual.bytes()) << length;
    }
}

TEST(Digest, MayGoOnBehindASum) {
    Sha256 digest;
    digest.add("a");
    EXPECT_EQ(hexadecimal(digest.bytes()), sha256_hex("a"));
    digest.add("bc");
    EXPECT_EQ(hexadecimal(digest.bytes()), sha256_hex("abc"));
}

TEST(ForeignIdentity, Flyway) {
    EXPECT_EQ(flyway_checksum(file), -66220931);
    EXPECT_EQ(flyway_checksum("CREATE TABLE t(id int);\r\n"), -66220931);
    EXPECT_EQ(flyway_checksum("\xef\xbb\xbf"
                              "CREATE TABLE t(id int);"),
              -66220931);
    EXPECT_EQ(
        flyway_checksum("alter table location_history add column valid_until timestamp with time zone;"),
        -1039259818);
}

TEST(ForeignIdentity, Drizzle) {
    EXPECT_EQ(sha256_hex(file), "c6c56a87f0defe9068c01ab4b48df13be00109a9b526f9c364648739ccfad127");
}

TEST(ForeignIdentity, Atlas) {
    AtlasSum sum;
    EXPECT_EQ(sum.add("1_a.sql", file), "wYymD13wThCy4bjMW2hmpFXaEqFw3VLLtLjp4oXKCFA=");
    EXPECT_EQ(sum.add("2_b.sql", "SELECT 1;\n"), "fNXl4EGYGxPDdBxGKYQqgpqFzNpHdBsS4OrEK/F6fCU=");
}

TEST(ForeignIdentity, Graphile) {
    const std::string first = graphile_hash(file, "");
    EXPECT_EQ(first, "sha1:f2d1e4ccc4e27919391f5a6ce4973935a8ea8438");
    EXPECT_EQ(graphile_hash("SELECT 1;", first), "sha1:e663badeafdfccbaa9087872f7df7a0bac62f633");
    EXPECT_EQ(graphile_hash("\n\nSELECT 1;\n\n\n", first), "sha1:e663badeafdfccbaa9087872f7df7a0bac62f633");
}

TEST(ForeignIdentity, Sqitch) {
    SqitchChange change;
    change.project = "demo";
    change.name = "users";
    change.planner = "Ann <ann@x.org>";
    change.date = "2026-01-02T03:04:05Z";
    EXPECT_EQ(sqitch_change_id(change), "7365f9e5c04889364ae783078a7c094a20550b50");
}

TEST(ForeignIdentity, KeysOfLocks) {
    EXPECT_EQ(crc32("goose"), foreign_lock::goose);
    EXPECT_EQ(fnv1_32("atlas_migrate_execute"), foreign_lock::atlas);
    EXPECT_EQ(foreign_lock::flyway("public", "flyway_schema_history"), 77433833903597);
    EXPECT_EQ(foreign_lock::golang_migrate("public", "schema_migrations", "appdb"), 4014298803);
}

} // namespace
} // namespace turnstone::core
