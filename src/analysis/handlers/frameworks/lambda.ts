import type { Framework } from '../framework.ts';

/** Events behind which somebody waits; those of queues, streams and schedules have none. */
const EVENT =
  /^aws-lambda:\.(?:APIGatewayProxy\w*Event\w*|APIGatewayEvent|ALBEvent|LambdaFunctionURLEvent\w*|AppSyncResolverEvent|CloudFrontRequestEvent)#$/;
const RESULT =
  /^aws-lambda:\.(?:APIGatewayProxy\w*Result\w*|ALBResult|LambdaFunctionURLResult|CloudFrontRequestResult)#$/;

export const lambda: Framework = {
  name: 'AWS Lambda',
  text: /aws-lambda|@middy\/core/,
  signatures: [{ parameters: [EVENT], returns: RESULT }],
  functionTypes:
    /^aws-lambda:\.(?:Handler|APIGatewayProxy\w*Handler\w*|APIGatewayProxyHandlerV2|ALBHandler|LambdaFunctionURLHandler|AppSyncResolverHandler|CloudFrontRequestHandler)#$/,
  files: [
    {
      exports: /^(?:handler|lambdaHandler)$/,
      text: /^(?![\s\S]*\b(?:SQS|SNS|S3|Kinesis|DynamoDB|Scheduled|EventBridge|CloudWatch)\w*(?:Event|Handler|Record)\b)[\s\S]*(?:aws-lambda|@middy\/core)/,
    },
  ],
};
