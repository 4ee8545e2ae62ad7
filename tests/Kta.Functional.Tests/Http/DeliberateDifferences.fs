/// Where this SDK answers differently from the Python SDK on purpose. Every row says why.
module Kta.Functional.Tests.Http.DeliberateDifferences

/// What is expected instead.
type Instead =
    /// Another status, with a JSON error that has a message.
    | Refused of status: int
    /// 200 with this body.
    | Answered of body: string
    /// 200, and the body is a document of our own.
    | AnsweredFreely
    /// Cannot be written down with this SDK's types, so there is nothing to serve.
    | DoesNotCompile
    /// About state kept between calls, which is not a matter of the wire.
    | NotOnTheWire

let private many reason instead names = [ for name in names -> name, (instead, reason) ]

/// By name of the recorded case: what happens instead, and why.
let table: Map<string, Instead * string> =
    [
        many "the client is at fault, so the status says so" (Refused 422) [
            "plan-node-triple-encoded-string"
            "plan-node-structured-fields-object-id"
            "plan-node-fields-missing"
            "plan-node-fields-missing-in-string"
            "plan-node-fields-null-in-string"
            "plan-node-empty-object"
            "plan-node-string-of-number"
            "plan-node-string-of-null"
            "plan-node-string-of-list"
            "plan-node-string-of-empty-object"
            "plan-node-string-of-nan"
            "plan-topology-null"
            "plan-topology-number"
            "plan-topology-bool"
            "analyze-history-plan-key-without-fields"
            "analyze-history-plan-key-number"
            "echo: nan"
        ]
        many
            "results in the request that do not fit the algorithm's types are the request's fault, not the step's"
            (Refused 422)
            [
                "plan-missing-analyzeResult"
                "plan-only-required"
                "plan-toggle-2"
                "plan-toggle-true"
                "plan-toggle-string"
                "analyze-without-monitorresult"
                "analyze-monitorresult-other-shape"
                "analyze-monitorresult-wrong-type"
            ]
        many "a node the operator could not scale is refused before it gets lost" (Refused 422) [
            "plan-node-structured-fields-number"
            "plan-node-type-empty"
            "plan-node-type-unknown"
            "plan-node-type-wrong-case"
            "plan-node-fields-missing-name"
            "plan-node-fields-of-other-type"
            "plan-node-operator-test-id-on-ref"
            "plan-node-fields-empty-value"
            "plan-node-fields-blanks"
            "plan-node-two-unknown-types"
            "echo: topology text forms"
            "echo: odd node fields"
        ]
        many "two nodes with one key cannot both get a parallelism" (Refused 422) [
            "plan-node-duplicate"
            "plan-node-equal-after-parsing"
            "plan-node-same-key-different-node"
        ]
        many "the operator's clock is a 64-bit integer" (Refused 422) [
            "plan-start-above-int64"
            "plan-start-2-pow-80"
            "plan-start-literal-4301-digits"
        ]
        many
            "1.0 is the whole number 1, as everywhere else"
            (Answered
                """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":{"parallelism":2}}""")
            [ "plan-toggle-1.0" ]
        many
            "a spelling more does no harm"
            (Answered
                """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":{"parallelism":4}}""")
            [ "plan-node-structured-fields-in-string" ]
        many
            "an entry the algorithm cannot read would come back for ever, so it is left out"
            (Answered """{"numInvocations":1}""")
            [
                "monitor-history-monitor-other-shape"
                "monitor-history-count-huge"
                "monitor-history-count-string"
            ]
        many
            "an entry of another policy, one without analyze result, or a 0 the operator kept is no reason to fail"
            (Answered """{"toggleState":1}""")
            [
                "analyze-history-parallelism-unknown-type-key"
                "analyze-history-analyze-missing"
                "analyze-history-analyze-empty"
                "analyze-history-plan-zero"
                "analyze-history-plan-negative"
                "analyze-history-plan-single-zero"
            ]
        many "half a surrogate pair is not Unicode and could not be sent back" (Refused 422) [
            "plan-body-lone-surrogate"
        ]
        many "of two members with one name some readers take the first, some the last" (Refused 422) [
            "plan-body-duplicate-member"
            "echo: duplicate member in result"
        ]
        many "415 is the status for a content type that is not supported" (Refused 415) [
            "plan-type-text-plain"
            "plan-type-text-json"
            "plan-type-form"
            "plan-type-octet-stream"
            "plan-type-nonsense"
        ]
        many
            "the operator does not follow redirects, so a slash at the end is answered directly"
            (Answered
                """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":{"parallelism":4}}""")
            [ "plan-trailing-slash" ]
        many "only POST is allowed, with or without the slash" (Refused 405) [ "plan-trailing-slash-get" ]
        many "probes of a pod ask for the health of the process" AnsweredFreely [ "other-health" ]
        many "a description that is true of this server" AnsweredFreely [ "other-openapi" ]
        many "a page that asks nothing of the internet" AnsweredFreely [ "other-docs" ]
        many "one page is enough, and that one loads scripts from the internet" (Refused 404) [ "other-redoc" ]
        many "deep values survive in both directions" AnsweredFreely [ "echo: deep list 1000" ]
        many "analyze may have nothing to say, and {} says so" (Answered "{}") [ "analyze-none: analyze" ]
        many "NaN is refused everywhere: a null in its place would be read as no data" (Refused 500) [
            "infinite: analyze"
        ]
        many
            "the operator refuses further members, so a plan never has any"
            (Answered
                """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":{"parallelism":3}}""")
            [ "plan-single-extra: 1 node" ]
        many
            "the operator refuses further members, so a plan never has any"
            (Answered
                """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":{"parallelism":1},"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=payments\"}":{"parallelism":2}}""")
            [ "plan-extra: 2 nodes" ]
        many "the operator would scale to its minimum without a word" (Refused 500) [ "plan-zero-unchecked: 1 node" ]
        many "the types of results, plans and contexts leave no room for it" DoesNotCompile [
            "echo-types: empty results"
            "echo-types: filled results"
            "echo-types: history with empty results"
            "echo-types: history without analyze"
            "echo-types: single plan"
            "wrong-types: monitor"
            "wrong-types: analyze"
            "wrong-types: plan"
            "true-false: monitor"
            "true-false: analyze"
            "true-false: plan"
            "numbers: plan"
            "async-monitor: monitor"
            "plan-string-keys: 1 node"
            "plan-int-values: 1 node"
            "plan-dict-values: 1 node"
            "plan-float-whole: 1 node"
            "plan-float-fraction: 1 node"
            "plan-numeric-string: 1 node"
            "plan-bool: 1 node"
            "plan-huge: 1 node"
            "plan-udf-base: 1 node"
            "mutate-new-attr: monitor"
            "mutate-context-field: monitor"
        ]
        many
            "an object is not copied around each call: locks and clients in fields do no harm, and changes are not found this way"
            NotOnTheWire
            [
                "mutate-counter: monitor 1"
                "mutate-counter: monitor 2"
                "mutate-counter: analyze afterwards"
                "mutate-once: monitor 1"
                "mutate-once: monitor 2"
                "mutate-nested: monitor"
                "mutate-and-restore: monitor"
                "mutate-class-attr: monitor 1"
                "mutate-class-attr: monitor 2"
                "mutate-global: monitor 1"
                "mutate-global: monitor 2"
                "holds-lock: monitor"
                "holds-box: monitor"
            ]
    ]
    |> List.concat
    |> Map.ofList
