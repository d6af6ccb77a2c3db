# What socktrace stats says of each operation, made of its JSON lines with --slurp.
def id: "\(.conn).\(.exchange)";
def index(f): map({key: f, value: .}) | from_entries;
def waits: .upgrade != null
  or (.operation | IN("ContainerWait", "SystemEvents", "ContainerAttach", "ExecStart", "Session", "GRPC"))
  or (.operation == "ContainerLogs" and (.target | test("[?&]follow=(1|true)")));
def failed: (.status // 0) >= 400 or .error != null or (.state == "aborted" and (.client_left | not)) or (.state == "done" and .status == null);
def times: map(select((.state == "done" or .state == "aborted") and .method != null) | .duration_ms | values) | sort;
def rank($percent): .[(length * $percent / 100 | ceil) - 1];
def bytes($side): .[$side] // {} | (.header_bytes // 0) + (.wire_bytes // 0);

(map(select(.event == "close")) | index("\(.conn)")) as $closed
| (map(select(.event == "request")) | index(id)) as $requests
| (map(select(.event == "response" and .interim != true)) | index(id)) as $responses
| def beyond($carried; $heads; $side): if .upgrade == null or .status == null then 0
    else [($closed["\(.conn)"][$carried] // 0) - $heads[id].offset - bytes($side), 0] | max end;
map(select(.event == "exchange"))
| map(. + {
    up: (bytes("request") + beyond("bytes_to_server"; $requests; "request")),
    down: (bytes("response") + (.interim // [] | map(.header_bytes) | add // 0) + beyond("bytes_to_client"; $responses; "response")),
  })
| group_by([.operation // "", waits])[]
| (times) as $t
| {
    operation: (.[0].operation // ""), waits: (.[0] | waits),
    count: length, errors: (map(select(failed)) | length), open: (map(select(.state == "open")) | length),
    total_ms: ($t | add // 0), p50_ms: ($t | rank(50)), p95_ms: ($t | rank(95)), max_ms: ($t | max),
    bytes_to_server: (map(.up) | add), bytes_to_client: (map(.down) | add),
  }
