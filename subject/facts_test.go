package subject

import (
	"fmt"
	"strings"
	"testing"
)

// spell writes what f tells in a line.
func (f facts) spell() string {
	var out []string
	for _, w := range []struct{ name, value string }{
		{"id", f.id}, {"name", f.name}, {"image", f.image}, {"cmd", f.command}, {"in", f.container}, {"failure", f.failure},
		{"type", f.typ}, {"action", f.action}, {"actor", f.actor.id}, {"called", f.actor.name}, {"exec", f.actor.exec},
	} {
		if w.value != "" {
			out = append(out, w.name+"="+w.value)
		}
	}
	for _, n := range []struct {
		name  string
		value *int64
	}{{"status", f.status}, {"exit", f.exit}} {
		if n.value != nil {
			out = append(out, fmt.Sprint(n.name, "=", *n.value))
		}
	}
	if f.tagged {
		out = append(out, "tagged")
	}
	if f.running {
		out = append(out, "running")
	}
	return strings.Join(out, " ")
}

func TestFacts(t *testing.T) {
	for doc, want := range map[string]string{
		`{"Id":"a"}`: "id=a", `{"ID":"a","iD":"b"}`: "id=b", `{"id":3}`: "", `{"Id":"\u0041"}`: "id=A",
		`{"Name":"/a/b"}`: "name=a/b", `{"name":"//a"}`: "name=/a", `{"Names":["/a","/b"]}`: "name=a", `{"Names":[]}`: "", `{"names":"a"}`: "",
		`{"Name":"a","Names":["/b"],"RepoTags":["c"]}`: "name=a tagged", `{"Names":["/b"],"RepoTags":["c"]}`: "name=b tagged", `{"RepoTags":["c","d"]}`: "name=c tagged", `{"RepoTags":null}`: "tagged", `{"RepoTags":["<none>:<none>"]}`: "tagged", `{"Action":"die","Status":"x"}`: "action=die",
		`{"Name":"","Names":["b"]}`: "name=b",
		`{"Spec":{"Name":"s"}}`:     "name=s", `{"Spec":"s"}`: "", `{"Spec":["s"]}`: "", `{"Spec":{"Name":"s"},"Description":{"Hostname":"h"}}`: "name=h",
		`{"Description":{"Hostname":"h"},"Spec":{"Name":"s"}}`: "name=s", `{"Description":{"Hostname":"h"},"Spec":{"Name":""}}`: "name=h", `{"Spec":{"Name":"s"},"Description":{"Hostname":""}}`: "name=s",
		`{"Description":"d"}`: "", `{"Description":{"Nostname":"d","Hostname":"h","hostname":"i"}}`: "name=h", `{"Description":{"Hoſtname":"h"}}`: "",
		`{"Cmd":["ls","-l"]}`: "cmd=ls -l", `{"Cmd":"ls -l"}`: "cmd=ls -l", `{"Cmd":null}`: "", `{"Cmd":["a",3,"b"]}`: "cmd=a  b", `{"Cmd":["","a"]}`: "cmd=a",
		`{"Image":"i"}`: "image=i", `{"Container":"c"}`: "in=c", `{"ContainerID":"c"}`: "in=c",
		`{"StatusCode":3}`: "status=3", `{"StatusCode":-1}`: "status=-1", `{"StatusCode":3.5}`: "", `{"StatusCode":"3"}`: "", `{"ExitCode":0}`: "exit=0", `{"ExitCode":null}`: "",
		`{"ExitCode":9223372036854775807}`: "exit=9223372036854775807", `{"ExitCode":9223372036854775808}`: "",
		`{"Running":true}`: "running", `{"Running":false}`: "", `{"Running":"true"}`: "",
		`{"message":"m"}`: "failure=m", `{"error":"e"}`: "failure=e", `{"error":{"message":"m"}}`: "failure=m", `{"error":null}`: "", `{"error":{"message":"m"},"message":"n"}`: "failure=n",
		`{"message":"m","error":"e"}`: "failure=m", `{"message":"m","error":{"message":"e"}}`: "failure=e",
		`{"errorDetail":{"message":"d"},"error":"e"}`: "failure=d", `{"error":"e","errorDetail":{"message":"d"}}`: "failure=d", `{"error":"e","errorDetail":{"code":3}}`: "failure=e", `{"error":"e","errorDetail":"d"}`: "failure=e",
		`{"Type":"t"}`: "type=t", `{"Actor":{"ID":"a","Attributes":{"name":"n","execID":"e"}}}`: "actor=a called=n exec=e", `{"Actor":{"ID":"a","Attributes":["n"]}}`: "actor=a", `{"Actor":"a"}`: "",
		`{"Actor":{"Jd":"x","Attribute":{"name":"n"},"Name":"n","execID":"e","Attributes":{"Id":"y","nama":"z","execId":"e","exeqid":"f"}}}`: "exec=e",
		``: "", `null`: "", `[{"Id":"a"}]`: "", `"a"`: "", `{`: "", `{"Id":"a"`: "id=a", `{"Id":"a","Name":"b`: "id=a",
	} {
		if got := read([]byte(doc)).spell(); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", doc, got, want)
		}
	}
}

// TestNeighbours: a member that is called nearly so, by a name that is as long, tells
// nothing.
func TestNeighbours(t *testing.T) {
	const all = `"Id":"a","Cmd":"b","Name":"/c","Type":"d","Spec":{"Name":"e"},"Names":["f"],"Image":"g","Actor":{"ID":"h"},"Error":"i","Running":true,
		"Message":"j","RepoTags":["k"],"ExitCode":1,"Container":"l","StatusCode":2,"ErrorDetail":{"message":"m"},"ContainerID":"l","Description":{"Hostname":"o"}`
	want := read([]byte("{" + all + "}")).spell()
	if want != "id=a name=c image=g cmd=b in=l failure=m type=d actor=h status=2 exit=1 tagged running" {
		t.Fatalf("got %s", want)
	}
	for n := range 14 {
		name := strings.Repeat("x", n)
		for _, value := range []string{`"z"`, `["z"]`, `{"Name":"z","ID":"z","Hostname":"z","message":"z"}`, `7`, `true`, `null`} {
			other := fmt.Sprintf("%q:%s", name, value)
			for _, doc := range []string{"{" + all + "," + other + "}", "{" + other + "," + all + "}"} {
				if got := read([]byte(doc)).spell(); got != want {
					t.Errorf("%s\ngot  %s\nwant %s", doc, got, want)
				}
			}
			if got := read([]byte("{" + other + "}")).spell(); got != "" {
				t.Errorf("%s: got %s", other, got)
			}
		}
	}
}

// TestLengths: what is as long as may be is whole.
func TestLengths(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{strings.Repeat("a", 512), strings.Repeat("a", 512)}, {strings.Repeat("a", 513), strings.Repeat("a", 512) + "…"},
		{strings.Repeat("a", 511) + "é", strings.Repeat("a", 511) + "…"}, {"a\xff", "a\ufffd"}, {"", ""},
	} {
		if got := clip(tt.in); got != tt.want {
			t.Errorf("%.20q and so on, %d bytes: got %d bytes, want %d", tt.in, len(tt.in), len(got), len(tt.want))
		}
	}
	for _, tt := range []struct{ in, want string }{
		{strings.Repeat("a", 118) + `","b`, strings.Repeat("a", 118) + " b"}, {strings.Repeat("a", 118) + `","bc`, strings.Repeat("a", 118) + " b…"},
		{strings.Repeat("a", 120), strings.Repeat("a", 120)}, {strings.Repeat("a", 119) + "é", strings.Repeat("a", 119) + "…"},
		{strings.Repeat("a", 120) + `","b`, strings.Repeat("a", 120) + "…"},
	} {
		if got := words([]byte(`["` + tt.in + `"]`)); got != tt.want {
			t.Errorf("%d bytes: got %q, want %q", len(tt.in), got, tt.want)
		}
	}
}

func TestParameter(t *testing.T) {
	for query, want := range map[string]string{
		"name=a": "a", "x=1&name=a&y=2": "a", "name=a&name=b": "a", "name=&name=b": "", "name": "", "names=a": "", "xname=a": "", "Name=a": "", "": "", "&&name=a": "a",
		"name=a%2Fb+c": "a/b c", "name=%zz+a": "%zz+a", "name=a=b": "a=b", "a=name=b": "", "name=a;b": "a;b",
	} {
		if got := parameter(query, "name"); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}
