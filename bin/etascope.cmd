@echo off
rem Loss streams of any framework: replay, watch, plan, compare, report, serve. See "etascope --help".
rem Lies in bin of a release or of a clone in which "mvn -Pquick package" has made the jar.
setlocal
set "etascope_home=%~dp0.."
set "etascope_jar=%etascope_home%\lib\etascope.jar"
if not exist "%etascope_jar%" set "etascope_jar=%etascope_home%\cli\target\etascope.jar"
if not exist "%etascope_jar%" (
  echo etascope: no etascope.jar in lib or cli\target: unpack a release, or build it with mvn -Pquick package 1>&2
  exit /b 1
)
set "etascope_java=java"
if defined JAVA_HOME set "etascope_java=%JAVA_HOME%\bin\java"
if exist "%etascope_home%\runtime\bin\java.exe" set "etascope_java=%etascope_home%\runtime\bin\java"
"%etascope_java%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "%etascope_jar%" %*
exit /b %ERRORLEVEL%
