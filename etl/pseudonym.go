package etl

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// keyedHash is the function that pseudonym_of (macros.sql) rests on: the first 128 bits of a text's HMAC-SHA-256
// (RFC 2104), in hexadecimal. It is a function of ours and no SQL because the key then stands nowhere that a mapping
// could read it, and because SHA-256 with the processor's instructions takes less than half the time.
type keyedHash struct {
	key  []byte // nil: no source has pseudonyms
	text duckdb.TypeInfo
}

// keyedHashBytes is how much of the digest is kept.
const keyedHashBytes = 16

func registerKeyedHash(conn *sql.Conn, key []byte) error {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err == nil {
		err = duckdb.RegisterScalarUDF(conn, "keyed_hash", &keyedHash{key: key, text: text})
	}
	if err != nil {
		return fmt.Errorf("register the function for pseudonyms: %w", err)
	}
	return nil
}

func (h *keyedHash) Config() duckdb.ScalarFuncConfig {
	return duckdb.ScalarFuncConfig{InputTypeInfos: []duckdb.TypeInfo{h.text}, ResultTypeInfo: h.text}
}

func (h *keyedHash) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{
		ChunkContextExecutor: h.hash,
		// Without a binder of its own the driver would look the context up in each of the threads that read a file, and write it down
		// where all of them read it.
		ScalarBinder: func(ctx context.Context, _ []duckdb.ScalarUDFArg) (context.Context, error) { return ctx, nil },
	}
}

// hash fills the hashes of a block of rows.
func (h *keyedHash) hash(_ context.Context, rows *duckdb.ChunkIteratorState) error {
	if h.key == nil {
		return errors.New("a pseudonym needs a key: name the column under the source's personal setting, and set personal.key_file")
	}
	column, err := rows.GetInputChunk().GetVector(0)
	if err != nil {
		return err
	}
	texts, err := duckdb.GetVectorView[string](column)
	if err != nil {
		return err
	}
	hashes, err := duckdb.GetVectorWriter[string](rows.GetResultVector())
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, h.key)
	var text, digest []byte
	for i := range texts.Len() {
		borrowed, valid, err := texts.GetValueBorrowed(i)
		if err != nil {
			return err
		}
		if !valid { // null gives null
			continue
		}
		text = append(text[:0], borrowed...)
		mac.Reset()
		mac.Write(text)
		digest = mac.Sum(digest[:0])
		if err := hashes.Set(i, hex.EncodeToString(digest[:keyedHashBytes])); err != nil {
			return err
		}
	}
	return nil
}
