package har

import (
	"strings"
	"testing"
)

// TestRoom reads values in as little room as there may be in an entry: what does not
// fit is left out, and what is left is said to be cut if it is a text.
func TestRoom(t *testing.T) {
	type less struct { // room, and what it is enough for; with one byte more it is what comes before
		room int
		want string
	}
	for _, c := range []struct {
		shape *shape
		text  string
		whole string
		less  []less
	}{
		{one(wantBody), `"abc"`, `"abc"`, []less{{68, `"ab" cut`}, {66, `"a" cut`}, {64, `"" cut`}, {31, `nothing`}}},
		{one(wantText), `"abc"`, `"abc"`, []less{{34, `"ab" cut`}, {33, `"a" cut`}, {32, `"" cut`}, {31, `nothing`}}},
		{one(wantNumber), `12`, `12`, []less{{31, `nothing`}}},
		{one(wantBody), `{"a":[1,2]}`, `"{\"a\":[1,2]}"`, []less{{660, `"{\"a\":[1]}" cut`}, {644, `"{\"a\":[]}" cut`}, {628, `"{\"a\":null}" cut`}, {606, `"{}" cut`}, {590, `"null" cut`}, {287, `nothing`}}},
		{one(wantBody), `[{}]`, `"[{}]"`, []less{{110, `"[null]" cut`}, {94, `"[]" cut`}, {78, `"null" cut`}, {31, `nothing`}}},
		{one(wantAnything), `{"a":[1,2]}`, `{"a":[1,2]}`, []less{{1796, `{"a":[1]}`}, {1732, `{"a":[]}`}, {1668, `{"a":null}`}, {1150, `{}`}, {1086, `null`}, {287, `nothing`}}},
		{one(wantAnything), `["abc"]`, `["abc"]`, []less{{644, `["ab"] cut`}, {642, `["a"] cut`}, {640, `[""] cut`}, {638, `[]`}, {574, `null`}, {31, `nothing`}}},
		{pairList, `[{"name":"a","value":"b"}]`, `[{"name":"a","value":"b"}]`, []less{{710, `[{"name":"a","value":""}]`}, {574, `[]`}, {31, `nothing`}}},
		{pairList, `{"a":"b"}`, `[{"name":"a","value":"b"}]`, []less{{1158, `[{"name":"a","value":""}]`}, {1092, `[]`}, {287, `nothing`}}},
		{pairList, `{"a":["b","c"]}`, `[{"name":"a","value":"b"},{"name":"a","value":"c"}]`, []less{{1746, `[{"name":"a","value":"b"},{"name":"a","value":""}]`}, {1680, `[{"name":"a","value":"b"}]`}, {1158, `[{"name":"a","value":""}]`}, {1092, `[]`}, {287, `nothing`}}},
		{pairList, `"a: b\nc: d"`, `[{"name":"a","value":"b"},{"name":"c","value":"d"}]`, []less{{1102, `[{"name":"a","value":"b"}]`}, {582, `[]`}, {31, `nothing`}}},
		{pairList, `["a: b"]`, `[{"name":"a","value":"b"}]`, []less{{582, `[]`}, {31, `nothing`}}},
		{contentShape, `{"text":"abc"}`, `{"text":"abc"}`, []less{{356, `{"text":"ab","_truncated":true}`}, {354, `{"text":"a","_truncated":true}`}, {352, `{"text":"","_truncated":true}`}, {319, `{}`}, {287, `nothing`}}},
		{contentShape, `"abc"`, `{"text":"abc"}`, []less{{34, `{"text":"ab","_truncated":true}`}, {33, `{"text":"a","_truncated":true}`}, {32, `{"text":"","_truncated":true}`}, {31, `nothing`}}},
		{messageList, `[{"data":"abc"},{}]`, `[{"data":"abc"},{}]`, []less{{1160, `[{"data":"abc"}]`}, {644, `[{"data":"ab","truncated":true}]`}, {642, `[{"data":"a","truncated":true}]`}, {640, `[{"data":"","truncated":true}]`}, {574, `[]`}, {31, `nothing`}}},
		{messageList, `{"data":"abc"}`, `[{"data":"abc"}]`, []less{{644, `[{"data":"ab","truncated":true}]`}, {642, `[{"data":"a","truncated":true}]`}, {640, `[{"data":"","truncated":true}]`}, {319, `[{}]`}, {287, `nothing`}}},
		{messageList, `[{"data":{"a":1}}]`, `[{"data":"{\"a\":1}"}]`, []less{{1182, `[{"data":"{}","truncated":true}]`}, {1166, `[{"data":"null","truncated":true}]`}, {575, `[{}]`}, {574, `[]`}, {31, `nothing`}}},
	} {
		want := c.whole
		for _, l := range append(c.less, less{-1, ""}) {
			if got, lost := inRoom(t, c.shape, c.text, l.room+1); got != want || lost != (want != c.whole) {
				t.Errorf("%s in %d bytes: %s, lost: %v, want %s", c.text, l.room+1, got, lost, want)
			}
			if l.room < 0 {
				break
			}
			want = l.want
			if got, lost := inRoom(t, c.shape, c.text, l.room); got != want || !lost {
				t.Errorf("%s in %d bytes: %s, lost: %v, want %s", c.text, l.room, got, lost, want)
			}
		}
	}
}

// inRoom reads a value of shape s in so much room, and says whether it is cut, and
// whether anything of it is lost.
func inRoom(t *testing.T, s *shape, text string, room int) (value string, lost bool) {
	t.Helper()
	fixes := new(repairs)
	n := &normal{lexer: newLexer(strings.NewReader(text+" "), fixes)}
	n.begin()
	n.room = room
	ok, err := n.value(s)
	if err != nil || n.floor != 0 || n.more() && n.next() != 0 {
		t.Errorf("%s in %d bytes: %v, floor %d, read to %d", text, room, err, n.floor, n.offset())
	}
	value = string(n.out[1:])
	if !ok {
		value += "nothing"
	}
	if n.cut {
		value += " cut"
	}
	return value, fixes.count[tooMuch]+fixes.count[cutText] > 0
}
