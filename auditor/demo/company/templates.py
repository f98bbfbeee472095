"""Mapping templates as the company's engineers wrote them, in the template language of REST APIs."""

from auditor.demo.company.secrets import TEMPLATE_PASSWORD

SEND_EVERYTHING = """\
#set($all = $input.params())
#set($context.requestOverride.header.x-priority = $input.params('priority'))
{
  "order": "$util.escapeJavaScript($input.params('orderId'))",
  "message": $input.json('$'),
  "from": {
    "user": "$context.authorizer.claims.sub",
    "address": "$context.authorizer.claims.email",
    "ip": "$context.identity.sourceIp",
    "browser": "$util.escapeJavaScript($context.identity.userAgent)"
  },
  "call": { "id": "$context.requestId", "stage": "$context.stage", "path": "$context.resourcePath" },
  "given": {
#foreach($place in $all.keySet())
    "$place": {
#foreach($name in $all.get($place).keySet())
#if($name.toLowerCase().startsWith("x-amz"))
      "$name": "",
#else
      "$name": "$util.escapeJavaScript($all.get($place).get($name))",
#end
#end
      "count": $all.get($place).size()
    }#if($foreach.hasNext),#end

#end
  }
}
"""
"""Somebody wanted all of it for the support desk: every header is in it, also the one that the mapping takes away (P7)."""

CLAIM = """\
#set($context.requestOverride.header.x-user-id = $input.params('x-user-id'))
{
  "order": "$util.escapeJavaScript($input.params('orderId'))",
  "claim": $input.json('$.claim')
}
"""
"""For calls that the support desk makes for a customer: the override beats what the mapping says of the caller (P6)."""

RETURN = """\
{
  "order": "$util.escapeJavaScript($input.params('orderId'))",
  "reason": $input.json('$.reason'),
  "user": "$context.authorizer.claims.sub"
}
"""

POSTING = """\
Action=SendMessage&MessageBody=$util.urlEncode($input.body)\
&MessageAttribute.1.Name=requestId&MessageAttribute.1.Value.DataType=String\
&MessageAttribute.1.Value.StringValue=$context.requestId
"""
"""Carries the request's id, and not who asked: the access log knows (P1)."""

CORRECTION = """\
Action=SendMessage&MessageBody=$util.urlEncode($input.body)\
&MessageAttribute.1.Name=requestId&MessageAttribute.1.Value.DataType=String\
&MessageAttribute.1.Value.StringValue=$context.requestId\
&MessageAttribute.2.Name=caller&MessageAttribute.2.Value.DataType=String\
&MessageAttribute.2.Value.StringValue=$util.urlEncode($context.identity.userArn)
"""

RATES = '{"user": "rates", "password": "' + TEMPLATE_PASSWORD + '"}'
