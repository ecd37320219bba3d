package etl

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/schema"
)

// session opens a database as a run does, with a key for pseudonyms.
func session(t testing.TB, key string) *sql.Conn {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "?threads=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(keyFile, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &run{conn: conn, started: time.Date(2026, 11, 1, 18, 0, 0, 0, time.UTC), log: slog.New(slog.DiscardHandler), cfg: Config{
		TimeZone: "Asia/Shanghai", Personal: PersonalKey{KeyFile: keyFile}, Sources: []Source{{Personal: map[string]string{"x": pseudonym}}}}}
	if err := r.prepareSession(ctx); err != nil {
		t.Fatal(err)
	}
	return conn
}

// value reads a text by a macro and returns it as text again, "null" for none.
func value(t testing.TB, conn *sql.Conn, macro, text string) string {
	t.Helper()
	var got string
	if err := conn.QueryRowContext(context.Background(), "select coalesce("+macro+"(?::varchar)::varchar, 'null')", text).Scan(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTextsAreReadAsDepartmentsWriteThem(t *testing.T) {
	conn := session(t, strings.Repeat("k", 32))
	for _, c := range []struct{ macro, text, want string }{
		{"parse_timestamp", "2026-11-24 08:15", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026-11-24 08:15:30", "2026-11-24 08:15:30"},
		{"parse_timestamp", "2026-11-24T08:15:30.250", "2026-11-24 08:15:30.25"},
		{"parse_timestamp", "2026/11/24 8:15", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026/1/2", "2026-01-02 00:00:00"},
		{"parse_timestamp", "20261124", "2026-11-24 00:00:00"},
		{"parse_timestamp", "20261124081530", "2026-11-24 08:15:30"},
		{"parse_timestamp", "2026年11月24日", "2026-11-24 00:00:00"},
		{"parse_timestamp", "2026年1月2日 8:05", "2026-01-02 08:05:00"},
		{"parse_timestamp", "2026年11月24日8时15分", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026年11月24日 08时15分30秒", "2026-11-24 08:15:30"},
		{"parse_timestamp", "２０２６年１１月２４日　８：１５", "2026-11-24 08:15:00"},
		{"parse_timestamp", "２０２６－１１－２４ ０８：１５：００", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026.11.24", "2026-11-24 00:00:00"},
		{"parse_timestamp", "46350.34375", "2026-11-24 08:15:00"}, // Excel: day 46350 after 1899-12-30, 8.25 of 24 hours
		{"parse_timestamp", "06/26/2018 10:58:54 AM", "2018-06-26 10:58:54"},
		{"parse_timestamp", "06/26/2018 10:58:54 PM", "2018-06-26 22:58:54"},
		{"parse_timestamp", "2023-12-10T12:00:00.000", "2023-12-10 12:00:00"},
		{"parse_timestamp", "2026-11-24T00:15:00Z", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026-11-24T00:15:00.000Z", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026-11-24T08:15:00+08:00", "2026-11-24 08:15:00"},
		{"parse_timestamp", "2026-11-24 09:15:00+09", "2026-11-24 08:15:00"},
		{"parse_timestamp", "9999-12-31", "9999-12-31 00:00:00"},
		{"parse_timestamp", "", "null"},
		{"parse_timestamp", "2026-02-30", "null"},
		{"parse_timestamp", "2026-11-24 25:00", "null"},
		{"parse_timestamp", "epoch", "null"},
		{"parse_timestamp", "infinity", "null"},
		{"parse_timestamp", "-infinity", "null"},
		{"parse_timestamp", "99999-01-01", "null"},
		{"parse_timestamp", "0044-03-15 (BC)", "null"},
		{"parse_timestamp", "000年10月", "null"},
		{"parse_date", "000年10月", "null"},
		{"parse_date", "2026-11-24", "2026-11-24"},
		{"parse_date", "2026-11-24 08:15:00", "2026-11-24"},
		{"parse_date", "2026年11月24日", "2026-11-24"},
		{"parse_date", "2026年11月", "2026-11-01"},
		{"parse_date", "2026-11", "2026-11-01"},
		{"parse_date", "46350", "2026-11-24"},
		{"parse_date", "infinity", "null"},
		{"parse_integer", "12", "12"},
		{"parse_integer", "１２", "12"},
		{"parse_integer", "1,234", "1234"},
		{"parse_integer", "3.0", "3"},
		{"parse_integer", "3.5", "null"},
		{"parse_integer", "-7", "-7"},
		{"parse_integer", "2147483648", "null"},
		{"parse_integer", "十二", "null"},
		{"parse_double", "1.25", "1.25"},
		{"parse_double", "１．２５", "1.25"},
		{"parse_double", "1,234.5", "1234.5"},
		{"parse_double", "nan", "null"},
		{"parse_double", "1e999", "null"},
		{"parse_boolean", "是", "true"},
		{"parse_boolean", "否", "false"},
		{"parse_boolean", " 是 ", "true"},
		{"parse_boolean", "１", "true"},
		{"parse_boolean", "TRUE", "true"},
		{"parse_boolean", "√", "true"},
		{"parse_boolean", "不详", "null"},
		{"clean_text", "　 路灯\t", "路灯"},
		{"clean_text", " 　", "null"},
	} {
		if got := value(t, conn, c.macro, c.text); got != c.want {
			t.Errorf("%s(%q) = %s, want %s", c.macro, c.text, got, c.want)
		}
	}
}

// FuzzTexts: whatever stands in a field, a value is given or none; a timestamp
// lies between the years 1000 and 9999, and a date is the day of the timestamp.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{"2026-11-24 08:15", "２０２６年１１月２４日", "46350.3", "epoch", "1e309", "06/26/2018 10:58:54 AM", "2026-11-24T00:15:00Z", "是", "-0", "\x00"} {
		f.Add(seed)
	}
	conn := session(f, strings.Repeat("k", 32))
	read, err := conn.PrepareContext(context.Background(), `
select
  coalesce(parse_timestamp(t)::varchar, 'null'),
  coalesce(parse_date(t)::varchar, 'null'),
  parse_double(t) is null or isfinite(parse_double(t)),
  parse_integer(t) is null or parse_integer(t) = parse_double(t),
  parse_boolean(t) is null or parse_boolean(t) in (true, false),
  tidy_text(t) is null or length(tidy_text(t)) <= length(t),
  coalesce(pseudonym_of(t), 'hmac:') like 'hmac:%'
from (select ?::varchar as t)`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		var at, day string
		var double, integer, boolean, tidy, masked bool
		if err := read.QueryRowContext(context.Background(), text).Scan(&at, &day, &double, &integer, &boolean, &tidy, &masked); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if !double || !integer || !boolean || !tidy || !masked {
			t.Errorf("%q: double %v, integer %v, boolean %v, tidy %v, pseudonym %v", text, double, integer, boolean, tidy, masked)
		}
		if at == "null" {
			return
		}
		if parsed, err := time.Parse("2006-01-02 15:04:05.999999", at); err != nil || parsed.Year() < 1000 {
			t.Errorf("%q is read as the time %s", text, at)
		}
		if day != at[:10] {
			t.Errorf("%q is read as the time %s and the day %s", text, at, day)
		}
	})
}

func TestPseudonymsAreHMACSHA256(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, length := range []int{16, 32, 63, 64, 65, 200} { // RFC 2104: keys longer than a block are hashed first
		key := make([]byte, length)
		for i := range key {
			key[i] = byte('!' + random.IntN(90))
		}
		conn := session(t, string(key))
		for _, text := range []string{"13800001111", "张三", "110101199001011234", "a", strings.Repeat("长", 300)} {
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(text))
			want := "hmac:" + hex.EncodeToString(mac.Sum(nil))[:32]
			if got := value(t, conn, "pseudonym_of", text); got != want {
				t.Errorf("key of %d bytes: pseudonym of %q is %s, want %s", length, text, got, want)
			}
			if got := value(t, conn, "pseudonym_of", "　"+text+" "); got != want {
				t.Errorf("spaces around %q change its pseudonym", text)
			}
			if got := value(t, conn, "pseudonym_of", want); got != want {
				t.Errorf("the pseudonym %s is not kept when it is fed again: %s", want, got)
			}
		}
		if got := value(t, conn, "pseudonym_of", " "); got != "null" {
			t.Errorf("nothing has the pseudonym %s", got)
		}
	}
}

func TestTheKeyFileIsReadByItsOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	for _, c := range []struct {
		name, key string
		mode      os.FileMode
		err       string
	}{
		{"good", strings.Repeat("k", 16), 0o600, ""},
		{"read-only", strings.Repeat("k", 16), 0o400, ""},
		{"readable by the group", strings.Repeat("k", 16), 0o640, "chmod 600"},
		{"readable by all", strings.Repeat("k", 16), 0o604, "chmod 600"},
		{"writable by the group", strings.Repeat("k", 16), 0o620, "chmod 600"},
		{"too short", "secret", 0o600, "at least 16"},
		{"white space only", strings.Repeat(" ", 40), 0o600, "at least 16"},
	} {
		if err := os.WriteFile(path, []byte(c.key), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := readKey(path)
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the key", c.name)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readKey(path); err == nil || !strings.Contains(err.Error(), "/dev/urandom") {
		t.Errorf("without a key file the error does not say how to make one: %v", err)
	}
	if _, err := readKey(dir); err == nil {
		t.Error("a folder was taken for the key file")
	}
}
