package jsonmask

import (
	"strings"
	"testing"
)

// TestBroken: what is JSON, in one text or several, and what is none.
func TestBroken(t *testing.T) {
	for text, broken := range map[string]bool{
		`{"a":1}`: false, `[]`: false, `{}`: false, `[1,"a",null,true,false,-1.5e3,{"a":[]}]`: false, "{}\n[] 1\x1e2": false, `"a" "b"`: false, ``: false,
		`{:1}`: true, `{"a"::1}`: true, `{"a":1,,}`: true, `[1 2]`: true, `[,1]`: true, `{1:2}`: true, `{"a"}`: true, `]`: true, `{]`: true, `[}`: true, `:`: true, `,`: true,
		"{\x1e}": true, `{"a" "b"}`: true, `[tru]`: true, `[x]`: true, `{"a":1:2}`: true, `{"a","b"}`: true, `[1,]`: true, `{"a":1,}`: true, `["a":1]`: true, `{"a":}`: true,
		strings.Repeat("[", maxDepth): false, strings.Repeat("[", maxDepth+1): true,
	} {
		var w Walker
		w.Start(newRules(), "b", Where{})
		w.Next([]byte(text), true)
		if w.Broken() != broken {
			t.Errorf("%.40s: broken is %t", text, !broken)
		}
	}
}
