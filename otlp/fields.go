package otlp

// Numbers of fields (opentelemetry-proto v1, files named in the groups), and of what
// enumerations have.

// collector/trace/v1/trace_service.proto; those of logs and metrics have the same.
const (
	requestResources = 1 // ExportTraceServiceRequest.resource_spans
	partialSuccess   = 1 // ExportTraceServiceResponse
	partialRejected  = 1
	partialMessage   = 2
)

// trace.proto: ResourceSpans and ScopeSpans; those of logs and metrics have the same.
const (
	resourceResource = 1
	resourceScopes   = 2
	resourceSchema   = 3
	scopeScope       = 1
	scopeItems       = 2
	scopeSchema      = 3
)

// resource.proto and common.proto.
const (
	resourceAttributes = 1
	scopeName          = 1
	scopeVersion       = 2
	keyValueKey        = 1
	keyValueValue      = 2
	anyString          = 1
	anyBool            = 2
	anyInt             = 3
	anyBytes           = 7
)

// trace.proto: Span.
const (
	spanTraceID    = 1
	spanSpanID     = 2
	spanTraceState = 3
	spanParent     = 4
	spanName       = 5
	spanKind       = 6
	spanStart      = 7
	spanEnd        = 8
	spanAttributes = 9
	spanEvents     = 11
	spanDropped    = 12 // dropped_events_count
	spanLinks      = 13
	spanStatus     = 15
	spanFlags      = 16

	kindInternal = 1
	kindServer   = 2
	kindClient   = 3

	eventTime       = 1
	eventName       = 2
	eventAttributes = 3

	linkTraceID    = 1
	linkSpanID     = 2
	linkTraceState = 3
	linkFlags      = 6

	statusMessage = 2
	statusCode    = 3
	statusError   = 2

	// What flags have beside those of the trace.
	flagKnown  = 0x100 // it is known whether the parent is remote
	flagRemote = 0x200
)

// logs.proto: LogRecord.
const (
	logTime       = 1
	logSeverity   = 2
	logText       = 3 // severity_text
	logBody       = 5
	logAttributes = 6
	logFlags      = 8
	logTraceID    = 9
	logSpanID     = 10
	logObserved   = 11
	logEventName  = 12

	severityInfo = 9
)
