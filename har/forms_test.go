package har_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// plainEntry is an entry as it should be, of which the tests change a part.
const plainEntry = `{"startedDateTime":"2026-01-02T03:04:05.678Z","time":12.5,"request":{"method":"POST","url":"http://d/x","httpVersion":"HTTP/1.1",` +
	`"headers":[{"name":"Host","value":"d"}],"queryString":[],"headersSize":-1,"bodySize":3,"postData":{"mimeType":"text/plain","text":"abc"}},` +
	`"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"Server","value":"s"}],` +
	`"content":{"size":7,"mimeType":"application/json","text":"{\"a\":1}"},"headersSize":-1,"bodySize":7},"timings":{"send":1,"wait":10,"receive":1.5}}`

// plainStory is what it tells.
const plainStory = `POST /x HTTP/1.1 [Host: d] "abc" 200 OK [Server: s] "{\"a\":1}" done 2026-01-02T03:04:05.678Z +12.5ms`

// inLog puts entries in a document.
func inLog(entries ...string) string {
	return `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[` + strings.Join(entries, ",") + `]}}`
}

// story tells an exchange in a line.
func story(x *wire.Exchange) string {
	var b strings.Builder
	fields := func(all []wire.Field) {
		b.WriteString(" [")
		for i, f := range all {
			fmt.Fprintf(&b, "%s%s: %s", map[bool]string{true: "; "}[i > 0], f.Name, f.Value)
		}
		b.WriteString("]")
	}
	body := func(body *wire.Body) {
		if body != nil {
			fmt.Fprintf(&b, " %q", body.Data)
			if body.Truncated {
				fmt.Fprintf(&b, " of %d", body.Bytes)
			}
		}
	}
	fmt.Fprintf(&b, "%s %s %s", x.Request.Method, x.Request.Target, x.Request.Version)
	fields(x.Request.Fields)
	body(x.RequestBody)
	if p := x.Response; p != nil {
		fmt.Fprintf(&b, " %d %s", p.Status, p.Reason)
		fields(p.Fields)
		body(x.ResponseBody)
	}
	fmt.Fprintf(&b, " %v %s +%v", x.State, x.Start.UTC().Format(time.RFC3339Nano), x.End.Sub(x.Start))
	return b.String()
}

// stories tells the exchanges of a document, and what was repaired.
func stories(t *testing.T, doc string) (all []string, repairs []string) {
	t.Helper()
	evs, repairs, err := readAll([]byte(doc))
	if err != nil {
		t.Errorf("%.300s: %v", doc, err)
	}
	wellFormed(t, evs)
	for _, x := range exchanges(evs) {
		all = append(all, story(x))
	}
	return all, repairs
}

// kinds returns the kinds of repairs, in a few words and with their numbers.
func kindsOf(repairs []string) string {
	var all []string
	for _, r := range repairs {
		text, n, _ := strings.Cut(r, ": ")
		n, _, _ = strings.Cut(n, " (")
		all = append(all, strings.TrimSpace(text[:min(len(text), 12)])+" "+n)
	}
	return strings.Join(all, ", ")
}

// nested is so many lists in one another.
func nested(n int) string { return strings.Repeat("[", n) + "1" + strings.Repeat("]", n) }

// TestForms reads a value in all forms that programs give it: each tells the
// same, or what is said here.
func TestForms(t *testing.T) {
	for _, c := range []struct{ old, new, story, repairs string }{
		{"", "", "", ""},
		// Numbers.
		{`"status":200`, `"status":"200"`, "", "numbers in a 1"},
		{`"status":200`, `"status":" 200 "`, "", "numbers in a 1"},
		{`"status":200`, `"status":200.0`, "", "numbers in a 1"},
		{`"status":200`, `"status":2e2`, "", "numbers in a 1"},
		{`"status":200`, `"status":"200 OK"`, "", "numbers in a 1"},
		{`"status":200`, `"status":+200`, "", "numbers in a 1"},
		{`"status":200`, `"status":0200`, "", "numbers in a 1"},
		{`"status":200`, `"statusCode":200`, "", "members in a 1"},
		{`"status":200`, `"Status":200`, "", "members in a 1"},
		{`"status":200`, `"status":null`, "", "members that 1"},
		{`"status":200`, `"status":NaN`, "", "numbers that 1"},
		{`"status":200`, `"status":{}`, "", "members that 1"},
		{`"status":200`, `"status":[200]`, "", "members that 1"},
		{`"status":200`, `"status":true`, "", "numbers that 1"},
		{`"status":200`, `"status":0,"status":200`, "", "members that 1"},
		{`"status":200`, `"status":200,"status":null`, "", "members that 1"},
		{`"status":200,"statusText":"OK"`, `"status":"0","statusText":"404 Not Found"`, strings.Replace(plainStory, "200 OK", "404 404 Not Found", 1), "numbers in a 1"},
		{`"status":200,"statusText":"OK"`, `"statusText":"no content"`, strings.Replace(plainStory, "200 OK", "204 no content", 1), ""},
		{`"status":200,"statusText":"OK"`, `"statusText":"?"`, strings.NewReplacer("200 OK", "0 ?", "done", "partial").Replace(plainStory), "answers with 1"},
		{`"status":200,`, `"status":-1,`, "", ""},
		{`"time":12.5`, `"time":"12.5"`, "", "numbers in a 1"},
		{`"send":1`, `"send":"1,0"`, "", "numbers in a 1"},
		{`"wait":10`, `"wait":"10 ms"`, "", "numbers in a 1"},
		{`"wait":10`, `"wait":1e1`, "", ""},
		{`"send":1`, `"blocked":-1,"dns":"-1","connect":NaN,"send":1`, "", "numbers in a 1, numbers that 1"},
		{`"timings":{"send":1,"wait":10,"receive":1.5}`, `"timings":null`, "", "members that 1"},
		{`"timings":{"send":1,"wait":10,"receive":1.5}`, `"timings":{"send":Infinity,"wait":-Infinity,"receive":"-"}`, "", "numbers that 3"},
		{`"time":12.5`, `"time":1e400`, "", "numbers that 1"},
		{`"size":7`, `"size":"7"`, "", "numbers in a 1"},
		{`"size":7`, `"size":7.2`, "", "numbers in a 1"},
		{`"size":7`, `"size":""`, "", "members that 1"},
		{`"size":7`, `"size":1e30`, "", "numbers that 1"},
		{`"bodySize":3`, `"bodySize":null`, "", "members that 1"},
		// Headers and other pairs.
		{`[{"name":"Host","value":"d"}]`, `{"Host":"d"}`, "", "pairs that a 1"},
		{`[{"name":"Server","value":"s"}]`, `{"Server":["s","t"],"X":1}`, strings.Replace(plainStory, "Server: s", "Server: s; Server: t; X: 1", 1), "texts that a 1, pairs that a 1"},
		{`[{"name":"Host","value":"d"}]`, `"Host: d\r\n"`, "", "pairs that a 1"},
		{`[{"name":"Host","value":"d"}]`, `["Host: d",]`, "", "pairs that a 1, commas or va 1"},
		{`[{"name":"Host","value":"d"}]`, `[{"key":"Host","value":"d"}]`, "", "members in a 1"},
		{`[{"name":"Host","value":"d"}]`, `[{"Name":"Host","Value":"d","enabled":true}]`, "", "members in a 2"},
		{`[{"name":"Host","value":"d"}]`, `[null,{"name":"Host","value":"d"},5,[]]`, "", "members that 3"},
		{`[{"name":"Host","value":"d"}]`, `[{"name":"Host","value":null}]`, strings.Replace(plainStory, "Host: d", "Host: ", 1), "members that 1"},
		{`[{"name":"Host","value":"d"}]`, `[{"name":"Host","value":5}]`, strings.Replace(plainStory, "Host: d", "Host: 5", 1), "texts that a 1"},
		{`[{"name":"Host","value":"d"}]`, `[{"name":"Host"}]`, strings.Replace(plainStory, "Host: d", "Host: ", 1), ""},
		{`[{"name":"Host","value":"d"}]`, `null`, strings.Replace(plainStory, "Host: d", "", 1), "members that 1"},
		{`[{"name":"Host","value":"d"}]`, `{}`, strings.Replace(plainStory, "Host: d", "", 1), "pairs that a 1"},
		{`"queryString":[]`, `"queryString":{"q":"a b"},"cookies":{"c":"d"}`, strings.Replace(plainStory, "/x", "/x?q=a+b", 1), "pairs that a 1, queries that 1"},
		{`"queryString":[]`, `"queryString":null,"cookies":null`, "", "members that 1"},
		{`[{"name":"Host","value":"d"}]`, `{"X":null,"Host":["d",null]}`, "", "members that 2, pairs that a 1"},
		{`[{"name":"Host","value":"d"}]`, `"\r\nHost: d\r\n\r\n"`, "", "pairs that a 1"},
		{`[{"name":"Host","value":"d"}]`, `"X"`, strings.Replace(plainStory, "Host: d", "X: ", 1), "pairs that a 1"},
		{`"timings":{"send":1,"wait":10,"receive":1.5}`, `"timings":"none"`, "", "members that 1"},
		{`"timings"`, `"_webSocketMessages":"none","timings"`, "", "members that 1"},
		{`"timings"`, `"_webSocketMessages":5,"timings"`, "", "members that 1"},
		{`"timings"`, `"_socktrace":{"exchange":"x"},"timings"`, "", "entries with 1"},
		{`"timings"`, `"_socktrace":[1,{}],"timings"`, "", "entries with 1"},
		{`"timings"`, `"` + strings.Repeat("t", 33) + `":{},"timings"`, "", ""},
		{`"timings"`, "\"_x\":\"a\n\x00\\\"\u00e9\",\"timings\"", "", ""},
		// Bodies.
		{`"text":"{\"a\":1}"`, `"text":{"a":1}`, "", "texts that a 1"},
		{`"text":"{\"a\":1}"`, `"text":{"a":1,}`, "", "texts that a 1, commas or va 1"},
		{`"text":"{\"a\":1}"`, `"text":{"a":1,"b":[],"c":{},"d":[{},"x\n",-1.5e+3,null,false]}`, strings.Replace(plainStory, `1}"`, `1,\"b\":[],\"c\":{},\"d\":[{},\"x\\n\",-1.5e+3,null,false]}"`, 1), "texts that a 1"},
		{`"text":"{\"a\":1}"`, `"text":{,"a":1 "b":[1 2,,3,]"c":}`, strings.Replace(plainStory, `1}"`, `1,\"b\":[1,2,3],\"c\":null}"`, 1), "texts that a 1, commas or va 7"},
		{`"text":"{\"a\":1}"`, `"text":[None,undefined,nil,NULL,True,False,yes,no,NaN,-NaN,Infinity,-Infinity,+5,05,.5,1.,0x,a-b]`,
			strings.Replace(plainStory, `{\"a\":1}`, `[null,null,null,null,true,false,true,false,null,null,null,null,5,5,0.5,1,\"0x\",\"a-b\"]`, 1), "texts that a 1, words that a 18"},
		{`"text":"{\"a\":1}"`, `"text":` + nested(65), strings.Replace(plainStory, `{\"a\":1}`, nested(65), 1), "texts that a 1"},
		{`"text":"{\"a\":1}"`, `"text":` + nested(66), strings.Replace(plainStory, `{\"a\":1}`, strings.Repeat("[", 65)+"null"+strings.Repeat("]", 65), 1), "texts that a 1, values left 1"},
		{`"text":"{\"a\":1}"`, `"text":true`, strings.Replace(plainStory, `"{\"a\":1}"`, `"true"`, 1), "texts that a 1"},
		{`"text":"{\"a\":1}"`, `"text":"eyJhIjoxfQ==","encoding":"base64"`, "", ""},
		{`"text":"{\"a\":1}"`, `"text":"eyJhIjoxfQ==","encoding":"Base64"`, "", "base64 with 1"},
		{`"text":"{\"a\":1}"`, `"text":"eyJhIjoxfQ","encoding":"base64"`, "", "base64 with 1"},
		{`"text":"{\"a\":1}"`, `"text":"eyJh\n Ijox\r\nfQ==\n","encoding":"base64"`, "", "base64 with 1"},
		{`"text":"{\"a\":1}"`, `"text":"data:application/json;base64,eyJhIjoxfQ==","encoding":"base64"`, "", "base64 with 1"},
		{`"text":"{\"a\":1}"`, `"text":"-_-_","encoding":"base64url"`, strings.Replace(plainStory, `"{\"a\":1}"`, `"\xfb\xff\xbf"`, 1), "base64 with 1"},
		{`"text":"{\"a\":1}"`, `"text":"{\"a\":1}","encoding":"base64"`, "", "texts that a 1"},
		{`"text":"{\"a\":1}"`, `"text":"two words","encoding":"base64"`, strings.Replace(plainStory, `"{\"a\":1}"`, `"two words"`, 1), "texts that a 1"},
		{`"size":7,"mimeType":"application/json","text":"{\"a\":1}"`, `"size":5,"text":"hello","encoding":"base64"`, strings.Replace(plainStory, `"{\"a\":1}"`, `"hello"`, 1), "texts that a 1"},
		{`"text":"{\"a\":1}"`, `"text":"{\"a\":1}","encoding":"utf-8"`, "", ""},
		{`"text":"{\"a\":1}"`, `"text":"{\"a\":1}","encoding":"rot13"`, "", "texts in an 1"},
		{`"text":"{\"a\":1}"`, `"text":"{\"a\":1}","encoding":null`, "", "members that 1"},
		{`"content":{"size":7,"mimeType":"application/json","text":"{\"a\":1}"}`, `"content":"{\"a\":1}"`, "", "texts that a 1"},
		{`"postData":{"mimeType":"text/plain","text":"abc"}`, `"postData":"abc"`, "", "texts that a 1"},
		{`"text":"abc"`, `"text":"YWJj","encoding":"base64"`, "", ""},
		{`"text":"abc"`, `"params":[{"name":"a","value":"b"},{"name":"c"}]`, strings.Replace(plainStory, "abc", "a=b&c=", 1), ""},
		{`"text":"abc"`, `"params":{"a":"b"}`, strings.Replace(plainStory, "abc", "a=b", 1), "pairs that a 1"},
		{`"mimeType":"text/plain","text":"abc"`, `"mimeType":"multipart/form-data; boundary=x","params":[{"name":"a\"","value":"b","fileName":"f","contentType":"text/plain"},{"name":"c","value":"d"}]`,
			strings.Replace(plainStory, "abc", `--x\r\nContent-Disposition: form-data; name=\"a%22\"; filename=\"f\"\r\nContent-Type: text/plain\r\n\r\nb\r\n--x\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\nd\r\n--x--\r\n`, 1), ""},
		{`"bodySize":3,"postData":{"mimeType":"text/plain","text":"abc"}`, `"postData":null`, strings.Replace(plainStory, ` "abc"`, "", 1), "members that 1"},
		// What is missing, or is something else.
		{`"method":"POST",`, "", strings.Replace(plainStory, "POST", "UNKNOWN", 1), "requests wit 1"},
		{`"method":"POST"`, `"method":null`, strings.Replace(plainStory, "POST", "UNKNOWN", 1), "members that 1, requests wit 1"},
		{`"statusText":"OK"`, `"statusText":5`, strings.Replace(plainStory, "OK", "5", 1), "texts that a 1"},
		{`"time":12.5`, `"time":12.5,"time":12.5`, "", "members that 1"},
		{`"time":12.5`, `"time":12.5,"_x":{"a":[1,"]",{}]},"cache":null,"cookies":5`, "", ""},
		{`"httpVersion":"HTTP/1.1","headers":[{"name":"Host"`, `"httpVersion":["HTTP/1.1"],"headers":[{"name":"Host"`, strings.Replace(plainStory, "/x HTTP/1.1", "/x ", 1), "members that 1"},
		// JSON as people write it.
		{`"time":12.5`, "\"time\":12.5 // as\n/* people \"* / write it */", "", "comments, le 2"},
		{`,"time":12.5`, `,,"time":12.5,`, "", "commas or va 2"},
		{`,"time":12.5`, ` "time":12.5`, "", "commas or va 1"},
		{`"time":12.5`, `"time":`, "", "commas or va 1"},
		{`"time":12.5`, `"_x":'it`, "", ""},
		{`"text":"abc"`, "\"text\":\"a\nb\"", strings.Replace(plainStory, "abc", `a\nb`, 1), "control char 1"},
		{`"text":"abc"`, `"text":"a\xb\'\u12"`, strings.Replace(plainStory, "abc", `a\\xb\\'\\u12`, 1), "control char 3"},
		{`"text":"abc"`, "\"text\":\"a\x7f\u2028é\"", strings.Replace(plainStory, "abc", `a\x7f\u2028é`, 1), ""},
		{`"text":"abc"`, `"text":"\u0061\u0062\ud83d\ude00"`, strings.Replace(plainStory, "abc", `ab😀`, 1), ""},
		{`"time":12.5`, `"time":undefined`, "", "members that 1"},
		{`"method"`, `"\u006dethod"`, "", ""},
	} {
		if !strings.Contains(plainEntry, c.old) {
			t.Fatalf("no %s in the entry", c.old)
		}
		doc := inLog(strings.Replace(plainEntry, c.old, c.new, 1), plainEntry)
		got, repairs := stories(t, doc)
		want := c.story
		if want == "" {
			want = plainStory
		}
		if len(got) != 2 || got[0] != want || got[1] != plainStory {
			t.Errorf("%s: read\n%s\nwant\n%s", c.new, strings.Join(got, "\n"), want)
		}
		if said := kindsOf(repairs); said != c.repairs {
			t.Errorf("%s: said %q, want %q (%q)", c.new, said, c.repairs, repairs)
		}
	}
}
