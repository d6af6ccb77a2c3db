package redact

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// fetched returns a conversation in which BuildKit fetches files of a folder: one that is
// called .env, a Dockerfile, and one that it may ask for by its path.
func fetched(fields ...string) *conv {
	c := inside(dockerapi.Sealed)
	c.request(1, "/moby.filesync.v1.FileSync/DiffCopy", fields...)
	c.packet(`{"stat":{"path":".env","mode":420}}`)
	c.packet(`{"stat":{"path":"Dockerfile","mode":420}}`)
	c.packet(`{"stat":{"path":"my.build","mode":420}}`)
	c.packet(`{"stat":{}}`)
	return c
}

func (c *conv) packet(data string) *wire.Message { return c.packetTo(wire.ToClient, data) }

func (c *conv) packetTo(dir wire.Dir, data string) *wire.Message {
	return c.r.Event(&wire.Message{Meta: c.meta(1, dir), Kind: wire.KindGRPC, Type: packetType, Data: []byte(data), Size: 9}).(*wire.Message)
}

// TestRecipe: how something is built can be read, without the secrets in it, and no other
// file of its folder.
func TestRecipe(t *testing.T) {
	const text = `"data":"FROM busybox\nENV API_TOKEN=S3CR3T\nRUN make\n"}`
	const hidden, shown = `"data":"*"}`, `"data":"FROM busybox\nENV API_TOKEN=*\nRUN make\n"}`
	for _, tt := range []struct {
		fields []string
		id     string
		want   string
	}{
		{[]string{"dir-name: dockerfile"}, `"ID":1,`, shown},
		{[]string{"dir-name: dockerfile"}, ``, hidden},
		{[]string{"dir-name: dockerfile"}, `"ID":2,`, hidden},
		{[]string{"dir-name: dockerfile", "followpaths: my.build"}, `"ID":2,`, shown},
		{[]string{"dir-name: dockerfile"}, `"ID":3,`, hidden},
		{[]string{"dir-name: dockerfile"}, `"ID":"1",`, hidden},
		{[]string{"dir-name: context", "followpaths: my.build"}, `"ID":1,`, shown},
		{[]string{"dir-name: context", "followpaths: my.build"}, `"ID":2,`, hidden},
		{[]string{"dir-name: other"}, `"ID":1,`, hidden},
	} {
		c := fetched(tt.fields...)
		got := c.packet(`{"type":"PACKET_DATA",` + tt.id + text)
		if want := `{"type":"PACKET_DATA",` + tt.id + tt.want; stars(string(got.Data)) != want {
			t.Errorf("%q: got %s, want %s", tt.fields, stars(string(got.Data)), want)
		}
	}
}

// TestRecipePieces: a secret may be cut anywhere, and so may its name.
func TestRecipePieces(t *testing.T) {
	const file = "FROM x\nENV DB_PASSWORD QQ\nENV A=b API_TOKEN=\"Q QQ\" C=d\nRUN curl -u adm:QQ h && mysql -p7QQ \\\n --password QQ\n# Q at\n"
	const most = "FROM x\nENV DB_PASSWORD *\nENV A=b API_TOKEN=\"*\" C=d\nRUN curl -u adm:* h && mysql -p* \\\n --password *\n# Q at\n"
	masktest.Cuts(len(file), func(at []int) {
		c := fetched("dir-name: dockerfile")
		var out strings.Builder
		from := 0
		for _, to := range append(at[:len(at):len(at)], len(file)) {
			piece, _ := json.Marshal(file[from:to])
			c.packet(`{"type":"PACKET_DATA","ID":0,"data":"PACKET"}`)
			got := c.packet(`{"type":"PACKET_DATA","ID":1,"data":` + string(piece) + `,"x":1}`)
			var told struct{ Data string }
			if err := json.Unmarshal(got.Data, &told); err != nil || !strings.HasSuffix(string(got.Data), `,"x":1}`) {
				t.Fatalf("%s: %v", got.Data, err)
			}
			out.WriteString(told.Data)
			from = to
		}
		got := masktest.Bare(out.String())
		if strings.Contains(strings.Replace(got, "# Q at", "", 1), "Q") || !strings.HasPrefix(got, "FROM x\nENV DB_PASSWORD ") || !strings.HasSuffix(got, "# Q at\n") {
			t.Fatalf("cut at %v: %s", at, got)
		}
		if len(at) == 1 && at[0] < 7 && got != most {
			t.Fatalf("cut at %v: %s", at, got)
		}
	})
}

// TestRecipeLost: where packets are not understood, nobody knows which file has which
// number; and what is cut is not known to be the beginning of a secret.
func TestRecipeLost(t *testing.T) {
	const doc, data = `{"type":"PACKET_DATA","ID":1,"data":"*"}`, `{"type":"PACKET_DATA","ID":1,"data":"RUN make"}`
	for what, lose := range map[string]func(c *conv){
		"broken": func(c *conv) { c.packet(`{"stat":`) },
		"empty":  func(c *conv) { c.packet("") },
	} {
		c := fetched("dir-name: dockerfile")
		lose(c)
		c.packet(`{"stat":{"path":"Dockerfile"}}`)
		for _, id := range []string{"1", "3"} {
			if got := c.packet(strings.Replace(data, "1", id, 1)); stars(string(got.Data)) != strings.Replace(doc, "1", id, 1) {
				t.Errorf("%s: %s", what, got.Data)
			}
		}
	}
	c := fetched("dir-name: dockerfile")
	c.packetTo(wire.ToServer, `{"type":`) // what the daemon asks for has no numbers of files
	c.packetTo(wire.ToServer, ``)
	if got := c.packet(data); string(got.Data) != data || got.Masked != nil {
		t.Errorf("%s", got.Data)
	}
	if got := c.packetTo(wire.ToServer, data); stars(string(got.Data)) != doc {
		t.Errorf("of the daemon: %s", got.Data)
	}
	c.r.Event(&wire.Message{Meta: c.meta(1, wire.ToClient), Kind: wire.KindGRPC, Type: packetType, Data: []byte(data), Size: 9, Truncated: true})
	for piece, want := range map[string]string{`S3C\nFROM`: `*\nFROM`} {
		if got := c.packet(strings.Replace(data, "RUN make", piece, 1)); stars(string(got.Data)) != strings.Replace(data, "RUN make", want, 1) {
			t.Errorf("behind what is cut: %s", got.Data)
		}
	}
	if got := c.packet(`{"type":"PACKET_DATA","ID":1,"data":{"size":500}}`); stars(string(got.Data)) != strings.Replace(doc, `"*"`, `{"size":"*"}`, 1) {
		t.Errorf("no text: %s", got.Data)
	}
}
