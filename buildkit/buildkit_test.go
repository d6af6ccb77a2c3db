package buildkit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func sized(n int64) string { return fmt.Sprint(n, " B") }

// say returns what messages, each a type and its JSON, say on one exchange.
func say(messages ...string) string {
	v := NewView(sized, new(Room))
	var b strings.Builder
	for _, text := range messages {
		typ, data, _ := strings.Cut(text, " ")
		m := &wire.Message{Kind: wire.KindGRPC, Type: typ, Data: []byte(data), Size: int64(len(data))}
		lines, ok := v.Lines(m)
		if !ok {
			b.WriteString("?\n")
		}
		for _, l := range lines {
			mark := ""
			if l.Bad {
				mark = "! "
			}
			if l.Kind != wire.KindGRPC {
				mark = l.Kind.String() + " "
			}
			b.WriteString(mark + l.Text + "\n")
		}
	}
	return b.String()
}

const (
	pack     = "fsutil.types.Packet "
	progress = "moby.buildkit.v1.StatusResponse "
	asks     = "moby.buildkit.v1.SolveRequest "
)

func TestPackets(t *testing.T) {
	got := say(
		pack+`{"stat":{"path":"Dockerfile","mode":420,"size":"120"}}`,
		pack+`{"type":"PACKET_STAT","stat":{"path":"src","mode":2147484141}}`,
		pack+`{"stat":{"path":"src/link","mode":134218239,"linkname":"../Dockerfile"}}`,
		pack+`{"stat":{"path":"su","mode":8389101,"size":3}}`,
		pack+`{}`, pack+`{"stat":{}}`,
		pack+`{"type":"PACKET_REQ"}`, pack+`{"type":"PACKET_REQ","ID":3}`, pack+`{"type":"PACKET_REQ","ID":9}`,
		pack+`{"type":"PACKET_DATA","data":"[masked 9 bytes #0a0b0c0d]"}`, pack+`{"type":"PACKET_DATA","data":"FROM x\r\n\nRUN y [masked 9 bytes #0a0b0c0d]\n"}`,
		pack+`{"type":"PACKET_DATA","data":"`+strings.Repeat(`l\n`, 14)+`"}`, pack+`{"type":"PACKET_DATA","data":{"size":300,"begins":"AAAA"}}`, pack+`{"type":"PACKET_DATA","ID":3}`,
		pack+`{"type":"PACKET_FIN"}`, pack+`{"type":"PACKET_ERR","data":"*"}`,
		pack+`{"type":"PACKET_NEW"}`, pack+`[`, pack+`{"stat":1}`,
	)
	want := `stat Dockerfile 0644 120 B
stat src/ 0755
stat src/link 0777 → ../Dockerfile
stat su 4755 3 B
stat: no more
stat: no more
asks for Dockerfile
asks for su
asks for file 9
data 54 B of Dockerfile
data 74 B of Dockerfile
text FROM x
text 
text RUN y [masked 9 bytes #0a0b0c0d]
data 70 B of Dockerfile
text l
text l
text l
text l
text l
text l
text l
text l
text l
text l
text l
text l
text … 2 more lines
data 54 B of Dockerfile
end of su
done
! failed
?
?
?
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestDataSize: the size of a message tells how much of a file is in it.
func TestDataSize(t *testing.T) {
	for _, id := range []uint32{0, 1, 127, 128, 1 << 20} {
		for _, n := range []int64{1, 127, 128, 16383, 16384, 32 << 10, 1 << 30} {
			size := 2 + 1 + varint(uint64(n)) + n
			if id > 0 {
				size += 1 + varint(uint64(id))
			}
			if got := dataSize(&packet{ID: id}, size); got != n {
				t.Errorf("file %d, %d bytes: got %d", id, n, got)
			}
		}
	}
	if got := dataSize(&packet{}, 0); got != 0 {
		t.Errorf("of nothing: %d", got)
	}
}

// TestVarint: numbers take another byte for every seven bits.
func TestVarint(t *testing.T) {
	for n, want := range map[uint64]int64{0: 1, 127: 1, 128: 2, 1<<14 - 1: 2, 1 << 14: 3, 1<<21 - 1: 3, 1 << 21: 4, 1<<63 - 1: 9, 1 << 63: 10} {
		if got := varint(n); got != want {
			t.Errorf("%d takes %d bytes, want %d", n, got, want)
		}
	}
}

func TestManyFiles(t *testing.T) {
	f := files{share: &share{room: new(Room)}}
	for i := range maxFiles + 10 {
		f.add(fmt.Sprint("f", i))
	}
	if f.name(maxFiles-1) != fmt.Sprint("f", maxFiles-1) || f.name(maxFiles) != fmt.Sprint("file ", maxFiles) {
		t.Errorf("%s, %s", f.name(maxFiles-1), f.name(maxFiles))
	}
	f = files{share: f.share}
	f.add(strings.Repeat("x", maxPaths+1))
	f.add("small")
	if f.name(0) != "file 0" || f.name(1) != "file 1" || f.room != 0 {
		t.Errorf("%.20s, %s", f.name(0), f.name(1))
	}
}

func TestStatus(t *testing.T) {
	const at, later = `"2026-11-21T19:21:10.000Z"`, `"2026-11-21T19:21:11.250Z"`
	got := say(
		progress+`{"vertexes":[{"digest":"a","name":"[1/2] FROM busybox","started":`+at+`},{"digest":"b","name":"[2/2] RUN make"}]}`,
		progress+`{"vertexes":[{"digest":"a","name":"[1/2] FROM busybox","started":`+at+`,"completed":`+at+`,"cached":true}]}`,
		progress+`{"vertexes":[{"digest":"b","name":"[2/2] RUN make","started":`+later+`}],"statuses":[{"ID":"extract","vertex":"b","name":"extract","current":"5","total":"9"}]}`,
		progress+`{"statuses":[{"ID":"sha256:1","vertex":"b","name":"pull","current":"5","total":"9","completed":`+at+`},{"ID":"x","vertex":"b","name":"x","completed":`+at+`}]}`,
		progress+`{"logs":[{"vertex":"b","stream":"1","msg":"one\ntwo\r\n"},{"vertex":"b","stream":"2","msg":"err"},{"vertex":"b","stream":"1","msg":{"size":1}}]}`,
		progress+`{"vertexes":[{"digest":"b","name":"[2/2] RUN make","started":`+at+`,"completed":`+later+`,"error":"exit code: 7"}],"warnings":[{"vertex":"b","short":"old"}]}`,
		progress+`{"vertexes":[{"digest":"b","started":`+at+`,"completed":`+later+`,"error":"exit code: 7"}]}`,
		progress+`{"vertexes":[{"digest":"c","name":"at once","started":`+at+`,"completed":`+later+`}]}`,
		progress+`{}`, progress+`1`,
	)
	want := `1 [1/2] FROM busybox
1 [1/2] FROM busybox: cached
2 [2/2] RUN make
2 sha256:1 pull 9 B: done
2 x: done
stdout 2 one
stdout 2 two
stderr 2 err
! 2 failed: exit code: 7
! 2 warning: old
3 at once: done in 1.25s
?
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestStep: what is told of a step when more becomes known of it, each thing once.
func TestStep(t *testing.T) {
	const begun, ended = `"started":"2026-11-21T19:21:10.000Z"`, `"completed":"2026-11-21T19:21:11.2504Z"`
	for _, c := range []struct{ name, tell, want string }{
		{"named", `[{"digest":"a","name":"x"}]`, ""},
		{"begun", `[{"digest":"a","name":"x",` + begun + `}]`, "1 x\n"},
		{"begun twice", `[{"digest":"a","name":"x",` + begun + `},{"digest":"a","name":"x",` + begun + `}]`, "1 x\n"},
		{"ended later", `[{"digest":"a","name":"x",` + begun + `},{"digest":"a","name":"x",` + begun + `,` + ended + `}]`, "1 x\n1 done in 1.25s\n"},
		{"ended, without a beginning", `[{"digest":"a","name":"x",` + ended + `}]`, "1 done\n"},
		{"ended before it began", `[{"digest":"a","name":"x","started":"2026-11-21T19:21:12Z",` + ended + `}]`, "1 x: done\n"},
		{"ended as it began", `[{"digest":"a","name":"x","started":"2026-11-21T19:21:12Z","completed":"2026-11-21T19:21:12Z"}]`, "1 x: done in 0s\n"},
		{"no times", `[{"digest":"a","name":"x","started":"now","completed":"then"}]`, "1 x: done\n"},
		{"cached", `[{"digest":"a","name":"x","cached":true}]`, "1 x\n"},
		{"cached and ended", `[{"digest":"a","name":"x","cached":true,` + ended + `}]`, "1 x: cached\n"},
		{"failed, and goes on", `[{"digest":"a","name":"x",` + begun + `,"error":"no"}]`, "1 x\n"},
		{"failed", `[{"digest":"a","name":"x",` + begun + `,` + ended + `,"error":"no"}]`, "! 1 failed: no\n"},
		{"two", `[{"digest":"a","name":"x",` + begun + `},{"digest":"b","name":"y",` + begun + `},{"digest":"a",` + ended + `}]`, "1 x\n2 y\n1 done\n"},
	} {
		if got := say(progress + `{"vertexes":` + c.tell + `}`); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	for _, c := range []struct{ tell, want string }{
		{`{"ID":"a","name":"b","current":3,"total":"2","completed":"x"}`, "a b 3 B: done"}, {`{"ID":"a","current":1,"completed":"x"}`, "a 1 B: done"},
		{`{"ID":"a","name":"a","total":"1","completed":"x"}`, "a 1 B: done"}, {`{"ID":"a","name":"b","total":2}`, ""},
		{`{"ID":"a","total":"many","completed":"x"}`, "a: done"},
	} {
		if got := strings.TrimSpace(strings.TrimPrefix(say(progress+`{"statuses":[`+c.tell+`]}`), "1")); strings.TrimSpace(strings.TrimPrefix(got, "?")) != c.want {
			t.Errorf("%s: got %q, want %q", c.tell, got, c.want)
		}
	}
}

// TestSolved: what comes of a graph is told as the graph.
func TestSolved(t *testing.T) {
	const solved, ret = "moby.buildkit.v1.frontend.SolveResponse ", "moby.buildkit.v1.frontend.ReturnRequest "
	const graph = `{"id":"r1","def":{"def":[{"digest":"a","source":{"identifier":"local://x"}},{"inputs":[{"digest":"a"}]}]}}`
	for in, want := range map[string]string{
		solved + `{"result":{"ref":` + graph + `,"metadata":{"b":{},"a":"x"}}}`:                 "1 source local://x\nresult: 1\nmetadata: a, b",
		solved + `{"result":{"ref":{"id":"r1","def":{}}}}`:                                      "result: r1",
		solved + `{"result":{"refs":{"refs":{"linux/b":{"id":"r2"},"linux/a":` + graph + `}}}}`: "for linux/a\n1 source local://x\nresult: 1\nfor linux/b\nresult: r2",
		ret + `{"result":{"ref":{"id":"r1"},"metadata":{}},"error":{"message":"no"}}`:           "result: r1\n! failed: no",
		ret + `{"result":{"ref":{}}}`:                                                           "?", ret + `{"result":{"refs":{"refs":{"x":null}}}}`: "for x", solved + `{}`: "?", solved + `[]`: "?",
	} {
		if got := say(in); strings.TrimSpace(got) != want {
			t.Errorf("%s: got\n%swant\n%s", in, got, want)
		}
	}
}

func TestSolve(t *testing.T) {
	got := say(
		asks+`{"Ref":"r1","Frontend":"dockerfile.v0","FrontendAttrs":{"filename":"Dockerfile","build-arg:A":"b"}}`,
		`moby.buildkit.v1.frontend.SolveRequest {"FrontendOpt":{"target":"x"},"Definition":{"def":[
			{"digest":"sha256:1","source":{"identifier":"docker-image://docker.io/library/busybox:latest"}},
			{"digest":"sha256:2","source":{"identifier":"local://context"}},
			{"digest":"sha256:3","inputs":[{"digest":"sha256:1"}],"exec":{"meta":{"args":["/bin/sh","-c","echo built"]}}},
			{"digest":"sha256:4","inputs":[{"digest":"sha256:3"},{"digest":"sha256:2"}],"file":{"actions":[{"copy":{"src":"/a","dest":"/b"}},{"mkdir":{"path":"/d"}},{"mkfile":{"path":"/f"}},{"rm":{"path":"/g"}}]}},
			{"digest":"sha256:5","inputs":[{"digest":"sha256:4"},{"digest":"sha256:1"}],"merge":{}},
			{"digest":"sha256:6","inputs":[{"digest":"sha256:5"}],"diff":{}},
			{"digest":"sha256:7","build":{}},
			{"inputs":[{"digest":"sha256:6"}]}]}}`,
		`moby.buildkit.v1.frontend.ReturnRequest {"error":{"code":2,"message":"no"}}`, `moby.buildkit.v1.frontend.ReturnRequest {"result":{}}`,
		`moby.buildkit.secrets.v1.GetSecretRequest {"ID":"token"}`, `moby.buildkit.secrets.v1.GetSecretRequest {}`,
		asks+`{}`, asks+`"`, "unknown.Type {}",
	)
	want := `build r1
frontend dockerfile.v0
build-arg:A=b
filename=Dockerfile
target=x
1 source docker-image://docker.io/library/busybox:latest
2 source local://context
3 exec /bin/sh -c echo built  from 1
4 file copy /a to /b, make /d/, make /f, remove /g  from 3, 2
5 merge  from 4, 1
6 diff  from 5
7 build
result: 6
! failed: no
?
secret token
?
?
?
?
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if Reads("unknown.Type") || !Reads("fsutil.types.Packet") {
		t.Error("Reads")
	}
}

func TestManySteps(t *testing.T) {
	s := steps{share: &share{room: new(Room)}}
	for i := range maxSteps {
		s.of(fmt.Sprint(i))
	}
	if s.label("one more") != "?" || s.label("0") != "1" || s.label(strings.Repeat("x", maxDigest+1)) != "?" {
		t.Error("there is no bound")
	}
	if n := s.note("one more", seen{true, true}); n != (seen{true, true}) || len(s.known) != maxSteps {
		t.Errorf("%v, %d are remembered", n, len(s.known))
	}
}

// TestRoom: Views that share their memory have no more all together, and give it back.
func TestRoom(t *testing.T) {
	room := new(Room)
	var views []*View
	numbered := 0
	for range 64 {
		v := NewView(sized, room)
		for i := range maxSteps {
			if v.steps.label(fmt.Sprintf("%0200d", i)) != "?" {
				numbered++
			}
			v.files.add(fmt.Sprintf("%080d", i))
		}
		views = append(views, v)
	}
	if room.taken > maxRoom || room.taken < maxRoom-500 || numbered*200 > maxRoom {
		t.Errorf("%d bytes are taken, by %d steps", room.taken, numbered)
	}
	if last := views[63]; last.steps.label("1") != "?" || last.files.name(0) != "file 0" {
		t.Error("there is no bound")
	}
	for _, v := range views {
		v.Close()
	}
	if room.taken != 0 || views[0].steps.label("new") != "1" {
		t.Errorf("%d bytes are not given back", room.taken)
	}
}
