@echo off
rem The command on Windows: JDK 25 in JAVA_HOME; builds on first use.
setlocal
set "ROOT=%~dp0"
if not defined JAVA_HOME (echo Set JAVA_HOME to a JDK 25, see https://adoptium.net 1>&2 & exit /b 1)
findstr /b /c:"JAVA_VERSION=\"25" "%JAVA_HOME%\release" >nul 2>&1 || (echo JAVA_HOME is not a JDK 25, see https://adoptium.net 1>&2 & exit /b 1)
if not exist "%ROOT%cli\target\app" (call mvn -B -q -f "%ROOT%pom.xml" -pl cli -am package -Dmaven.test.skip=true 1>&2 || exit /b 1)
"%JAVA_HOME%\bin\java" -XX:+UseSerialGC --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED ^
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -cp "%ROOT%cli\target\app\*" org.tokapu.cli.Tokapu %*
