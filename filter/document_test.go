package filter

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"
)

// FuzzDocument finds the same value in the text of a document as in what that is when
// it is read as a whole.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{
		`{"a":{"b":[1,"x",null,{"c":true}]},"a":{"b":[2]}}`, ` [ [ ] , { } , "a" , -1.5e3 ] `, `{"\u0061":1,"b\"":{"":2}}`, `"a"`, `7`, `{}`, `[]`, `{"a":1} {}`,
		`[1,2`, ``, "{\"a\xff\":\"\xff\"}", `{"a":[1,[2,3],{"a":4}]}`,
	} {
		f.Add([]byte(text), "a", "b", 1)
		f.Add([]byte(text), "b\"", "", -1)
		f.Add([]byte(text), "a\ufffd", "c", -4)
	}
	f.Fuzz(func(t *testing.T, text []byte, a, b string, i int) {
		var whole any
		if json.Unmarshal(text, &whole) != nil && json.Valid(text) {
			return // a number that is too large
		}
		for _, keys := range [][]any{{}, {a}, {i}, {a, b}, {a, b, i}, {i, a}, {a, i}, {a, a}} {
			want := whole
			for _, key := range keys {
				want = member(want, key)
			}
			d := &document{text: text, meter: newMeter(nil, math.MaxInt64)}
			for range 2 {
				if got, err := d.at(&place{keys}); err != nil || !reflect.DeepEqual(got, want) {
					t.Fatalf("%q in %q: %v, %v; want %v", keys, text, got, err, want)
				}
			}
		}
	})
}

// TestDocumentOnce reads a value once.
func TestDocumentOnce(t *testing.T) {
	p := &place{[]any{"a"}}
	d := &document{text: []byte(`{"a":[1,2]}`), meter: newMeter(nil, time.Second)}
	first, err := d.at(p)
	if err != nil {
		t.Fatal(err)
	}
	left := d.meter.left
	second, err := d.at(p)
	if err != nil || d.meter.left != left || !reflect.DeepEqual(first, second) {
		t.Errorf("%v, then %v, %v, %d taken", first, second, err, left-d.meter.left)
	}
	if other, err := d.at(&place{[]any{"b"}}); other != nil || err != nil || d.meter.left >= left {
		t.Errorf("%v, %v", other, err)
	}
}

// TestDocumentBound reads nothing that takes too long, or too much.
func TestDocumentBound(t *testing.T) {
	text := []byte(`{"a":{"b":1}}`)
	least := time.Duration(0)
	for ; least < time.Second; least++ {
		d := &document{text: text, meter: newMeter(nil, least)}
		v, err := d.at(&place{[]any{"a", "b"}})
		if err == nil {
			if v != 1.0 {
				t.Errorf("%v", v)
			}
			break
		}
		if err != error(errWork) || v != nil {
			t.Fatalf("%v, %v", v, err)
		}
	}
	// Its text is checked, gone over twice, and 1 is made.
	if want := time.Duration(len(text)*readWork + (len(text)+len(`{"b":1}`))*passWork + readWork); least != want {
		t.Errorf("it takes %d, want %d", least, want)
	}
}
