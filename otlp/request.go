package otlp

import (
	"slices"

	"github.com/socktrace/socktrace/internal/protowire"
)

// schema names the conventions of the attributes.
const schema = "https://opentelemetry.io/schemas/1.44.0"

// frame is what stands around items of one kind in a request: the resource that they are
// about, and what has made them.
type frame struct{ resource, scope []byte }

// newFrame returns the frame of what a version of the program has made.
func newFrame(resource [][2]string, version string) frame {
	var attributes []byte
	for _, a := range resource {
		attributes = appendString(attributes, resourceAttributes, a[0], a[1])
	}
	var f frame
	f.resource = protowire.AppendBytes(nil, resourceResource, attributes)
	scope := protowire.AppendBytes(nil, scopeName, "github.com/socktrace/socktrace")
	if version != "" {
		scope = protowire.AppendBytes(scope, scopeVersion, version)
	}
	f.scope = protowire.AppendBytes(nil, scopeScope, scope)
	return f
}

// around returns what stands before and behind so many bytes of items, each of which begins
// with its tag.
func (f *frame) around(items int) (before, behind []byte) {
	scopeSchemaField := protowire.AppendBytes(nil, scopeSchema, schema)
	inScope := len(f.scope) + items + len(scopeSchemaField)
	scope := protowire.AppendLength(nil, resourceScopes, inScope)
	last := protowire.AppendBytes(nil, resourceSchema, schema)
	inResource := len(f.resource) + len(scope) + inScope + len(last)
	before = protowire.AppendLength(nil, requestResources, inResource)
	before = slices.Concat(before, f.resource, scope, f.scope)
	return before, slices.Concat(scopeSchemaField, last)
}

// request returns a whole request.
func (f *frame) request(items []byte) []byte {
	before, behind := f.around(len(items))
	return slices.Concat(before, items, behind)
}

// appendItem appends a span, a log record or a metric to items.
func appendItem(items, message []byte) []byte {
	return protowire.AppendBytes(items, scopeItems, message)
}
